public import ParallelsFormat

/// What shapes a new Parallels image.
public struct NewImage: Equatable, Sendable {
  /// Which layout to write.
  public var layout = Layout.extended
  /// Cluster size, in bytes: a multiple of 512.
  public var clusterByteCount: UInt64 = 1 << 20
  /// Whether clusters of zeros are stored, too.
  public var storesZeros = false
  /// A dirty bitmap that the image is to begin with; nil for none.
  public var bitmap: NewBitmap?

  /// The defaults.
  public init() {}

  /// How the disk is cut on its way into the image.
  var grid: ExtentGrid { ExtentGrid(clusterByteCount: clusterByteCount) }

  /// The shape of the image of a disk of `byteCount` bytes; `path` is what an error is about.
  ///
  /// - Throws: `format` when no image can hold the disk, `formatExtension` when none can hold the bitmap.
  func geometry(of byteCount: UInt64, path: String) throws(ConversionError) -> ImageGeometry {
    let geometry = try converting(
      path,
      ImageGeometry(
        layout: layout, clusterByteCount: clusterByteCount, byteCount: byteCount, hasExtension: bitmap != nil))
    do throws(ExtensionProblem) {
      try bitmap?.formatExtension(for: geometry).checkFits(clusterByteCount: clusterByteCount)
    } catch {
      throw ConversionError(path, .formatExtension(error))
    }
    return geometry
  }

  /// The cluster of the format extension, without the zeros at its end; nil when there is none.
  func extensionStart(_ geometry: ImageGeometry, path: String) throws(ConversionError) -> [UInt8]? {
    do throws(ExtensionProblem) {
      return try bitmap?.formatExtension(for: geometry).encodedStart(clusterByteCount: clusterByteCount)
    } catch {
      throw ConversionError(path, .formatExtension(error))
    }
  }
}
