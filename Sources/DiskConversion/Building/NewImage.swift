public import ParallelsFormat

/// The properties of a new Parallels image.
public struct NewImage: Equatable, Sendable {
  /// The layout to write.
  public var layout: Layout
  /// Cluster size, in bytes: a multiple of 512.
  public var clusterByteCount: UInt64
  /// Whether to store clusters of zeros as well: all of a raw disk, or those that a Parallels disk stores.
  public var storesZeros: Bool
  /// A dirty bitmap to add to the image; nil for none.
  public var bitmap: NewBitmap?
  /// The bundle that will hold the image; nil for an image by itself.
  public var bundle: NewBundle?

  /// Creates properties, by default those of an image by itself.
  public init(
    layout: Layout = .extended, clusterByteCount: UInt64 = 1 << 20, storesZeros: Bool = false, bitmap: NewBitmap? = nil,
    bundle: NewBundle? = nil
  ) {
    self.layout = layout
    self.clusterByteCount = clusterByteCount
    self.storesZeros = storesZeros
    self.bitmap = bitmap
    self.bundle = bundle
  }

  /// The properties that are not given are those of `input`, if it is an image, or the usual ones.
  init(layout: Layout?, clusterByteCount: UInt64?, in bundle: NewBundle?, like input: DiskInput?) {
    self.init(bundle: bundle)
    self.layout = layout ?? (bundle == nil ? input?.layout : .legacy) ?? self.layout
    self.clusterByteCount = clusterByteCount ?? input?.figures?.clusterByteCount ?? self.clusterByteCount
  }

  /// The grid that cuts the disk into extents.
  var grid: ExtentGrid { ExtentGrid(clusterByteCount: clusterByteCount) }

  /// The size of the new disk for an input of `byteCount` bytes.
  func diskByteCount(for byteCount: UInt64) -> UInt64 {
    let unit = bundle == nil ? sectorByteCount : NewBundle.sizeUnitByteCount
    return byteCount > UInt64(Int64.max) ? byteCount : byteCount.dividedRoundingUp(by: unit) * unit
  }

  /// The end of the last cluster for an input of `byteCount` bytes.
  @Sendable
  func extentsEnd(for byteCount: UInt64) -> UInt64 { grid.roundedUpToClusters(diskByteCount(for: byteCount)) }

  /// The geometry of the image for an input of `byteCount` bytes; errors are about `path`.
  ///
  /// - Throws: `format` if no image can hold the disk, `formatExtension` if no image can hold the bitmap.
  func geometry(
    of byteCount: UInt64, carried: CarriedExtension? = nil, path: String
  ) throws(ConversionError) -> ImageGeometry {
    let geometry = try converting(
      path,
      ImageGeometry(
        layout: bundle?.isPlain == true ? .extended : layout, clusterByteCount: clusterByteCount,
        byteCount: diskByteCount(for: byteCount),
        extensionClusterCount: carried?.clusterCount ?? (bitmap == nil ? 0 : 1)))
    do throws(ExtensionProblem) {
      try bitmap?.formatExtension(for: geometry).checkFits(clusterByteCount: clusterByteCount)
    } catch {
      throw ConversionError(path, .formatExtension(error))
    }
    return geometry
  }

  /// What a finished image of this geometry says about its last use.
  ///
  /// A bundle's images are known to be accepted by Parallels Desktop with 0, but then no bitmap would be valid.
  func finalUse(in geometry: ImageGeometry) -> InUse {
    bundle != nil && geometry.extensionClusterCount == 0 ? .unset : .closed
  }
}
