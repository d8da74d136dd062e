/// Why `map` or `compare` failed, and the status to end with.
///
/// The commands have no options such as `--salvage`, so ``ExitStatus`` names the converter in hints that begin with one.
struct InspectionFailure: Error {
  var error: any Error
  var status: CInt
}
