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

  /// Converts and checks; the old image is replaced only when the new one is complete.
  ///
  /// Returns whether the new image is correct.
  func run() throws(ConversionError) -> Bool {
    let control = try ConversionControl { event in
      if case .warning(let path, let text) = event { say("\(path): warning: \(text)") }
    }
    var options = RawToParallels.Options()
    options.output.force = true
    options.output.synchronizes = true
    options.resources.threadCount = ProcessInfo.processInfo.activeProcessorCount

    let progress = ProgressTicker(of: control.progress, name: disk.lastPathComponent)
    defer { progress.stop() }
    let summary = try RawToParallels.convert(
      .path(disk.path), to: .path(image.path), options: options, control: control)
    let clusters = "\(summary.disk.allocatedClusterCount) of \(summary.disk.clusterCount) clusters"
    say("\(image.lastPathComponent): \(clusters) hold data, \(summary.outputByteCount) bytes")

    let check = try ImageCheck.run(.path(image.path), control: control) { say("\(image.path): \($0.message)") }
    let comparison = try DiskComparison.compare(
      .path(disk.path), .path(image.path), options: DiskComparison.Options(), control: ConversionControl())
    if let place = comparison.firstDifference { say("\(image.path): differs from the disk at byte \(place)") }
    return check.corruptionCount == 0 && comparison.firstDifference == nil
  }
}

/// Reports the progress of a conversion every few seconds, from its own thread.
final class ProgressTicker {
  private let timer: any DispatchSourceTimer

  init(of progress: ConversionProgress, name: String) {
    let timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "progress"))
    timer.schedule(deadline: .now() + 5, repeating: 5)
    timer.setEventHandler {
      guard let total = progress.totalByteCount else { return say("\(name): \(progress.doneByteCount) bytes") }
      say("\(name): \(100 * progress.doneByteCount / total) %")
    }
    timer.resume()
    self.timer = timer
  }

  func stop() { timer.cancel() }
}

func say(_ text: String) {
  FileHandle.standardOutput.write(Data("\(text)\n".utf8))
}

@main
struct Nightly {
  static func main() {
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
      do throws(ConversionError) {
        if try !job.run() { failureCount += 1 }
      } catch {
        // A disk that can't be converted must not stop the others.
        say("\(error)")
        failureCount += 1
      }
    }
    exit(failureCount == 0 ? 0 : 1)
  }
}
