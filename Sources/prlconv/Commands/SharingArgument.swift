public import ArgumentParser
public import DiskConversion

/// `--reflink` takes the raw values.
extension SharingMode: ExpressibleByArgument {}
