// Times the hot loops in process: `make bench-kernels`, or with a part of a kernel's name as argument.

let filter = CommandLine.arguments.dropFirst().first ?? ""
print("| kernel | ns / KiB, median | least | most | GiB/s |")
print("|---|--:|--:|--:|--:|")
for kernel in allKernels() where kernel.name.contains(filter) {
  let result = kernel.measure()
  let rate = 1e9 / result.median / Double(1 << 20)
  let figures = [result.median, result.least, result.most].map { "\(Double(Int($0 * 1000)) / 1000)" }
  print("| \(kernel.name) | \(figures.joined(separator: " | ")) | \(Double(Int(rate * 100)) / 100) |")
}
