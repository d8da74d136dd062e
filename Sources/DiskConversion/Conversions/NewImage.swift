public import ParallelsFormat

/// The properties of a new Parallels image.
public struct NewImage: Equatable, Sendable {
  /// The layout to write.
  public var layout = Layout.extended
  /// Cluster size, in bytes: a multiple of 512.
  public var clusterByteCount: UInt64 = 1 << 20
  /// Whether to store clusters of zeros as well.
  public var storesZeros = false
  /// A dirty bitmap to add to the image; nil for none.
  public var bitmap: NewBitmap?

  /// Creates the default properties.
  public init() {}

  /// The grid that cuts the disk into extents.
  var grid: ExtentGrid { ExtentGrid(clusterByteCount: clusterByteCount) }

  /// The geometry of the image for a disk of `byteCount` bytes; errors are about `path`.
  ///
  /// - Throws: `format` if no image can hold the disk, `formatExtension` if no image can hold the bitmap.
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

  /// The cluster of the format extension without its trailing zeros, or nil.
  func extensionStart(_ geometry: ImageGeometry, path: String) throws(ConversionError) -> [UInt8]? {
    do throws(ExtensionProblem) {
      return try bitmap?.formatExtension(for: geometry).encodedStart(clusterByteCount: clusterByteCount)
    } catch {
      throw ConversionError(path, .formatExtension(error))
    }
  }
}
