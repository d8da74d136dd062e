// Converts every raw disk in a folder that is newer than its image, and checks the result.
//
//     nightly /srv/disks            # disk.img → disk.hds

import DiskConversion
import Foundation

/// One raw disk, and the image to make from it.
struct Job {
  var disk: URL
  var image: URL { disk.deletingPathExtension().appendingPathExtension("hds") }

  /// Whether the image is missing, or older than the disk.
  var isDue: Bool {
    func date(_ url: URL) -> Date? {
      (try? FileManager.default.attributesOfItem(atPath: url.path))?[.modificationDate] as? Date
    }
    guard let imageDate = date(image), let diskDate = date(disk) else { return true }
    return imageDate < diskDate
  }

  /// Converts, verifies and checks; the old image is replaced only when the new one is known to be right.
  ///
  /// Returns whether the check found nothing.
  func run() async throws -> Bool {
    let control = try ConversionControl { event in
      if case .warning(let path, let text) = event { say("\(path): warning: \(text)") }
    }
    let options = RawToParallels.Options(
      output: OutputOptions(force: true, synchronizes: true, verifies: true),
      resources: Resources(threadCount: ProcessInfo.processInfo.activeProcessorCount))
    async let conversion = RawToParallels.convert(
      .path(disk.path), to: .path(image.path), options: options, control: control)
    for await update in control.progress.updates(every: .seconds(5)) {
      if let share = update.share, share < 1 { say("\(disk.lastPathComponent): \(Int(100 * share)) %") }
    }
    let summary = try await conversion
    let clusters = "\(summary.disk.allocatedClusterCount) of \(summary.disk.clusterCount) clusters"
    say("\(image.lastPathComponent): \(clusters) hold data, \(summary.outputByteCount) bytes")
    let path = image.path
    return try await ImageCheck.run(.path(path)) { say("\(path): \($0.message)") }.corruptionCount == 0
  }
}

func say(_ text: String) {
  FileHandle.standardOutput.write(Data("\(text)\n".utf8))
}

@main
struct Nightly {
  static func main() async {
    guard CommandLine.arguments.count == 2 else {
      say("nightly FOLDER")
      exit(64)
    }
    let folder = URL(fileURLWithPath: CommandLine.arguments[1], isDirectory: true)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    var failureCount = 0
    for name in names.sorted() where name.hasSuffix(".img") {
      let job = Job(disk: folder.appendingPathComponent(name))
      guard job.isDue else { continue }
      do {
        if try await !job.run() { failureCount += 1 }
      } catch {
        // A disk that can't be converted must not stop the others.
        say("\(error)")
        failureCount += 1
      }
    }
    exit(failureCount == 0 ? 0 : 1)
  }
}
