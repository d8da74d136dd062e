public import ArgumentParser
public import ParallelsFormat

/// `--layout` takes the raw values.
extension Layout: ExpressibleByArgument {}
