public import ArgumentParser
public import ParallelsFormat

/// The raw values are the names that `--layout` takes.
extension Layout: ExpressibleByArgument {}
