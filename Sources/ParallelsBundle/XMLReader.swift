import CExpat

/// Reads an XML document into elements, within limits that no real descriptor comes near.
///
/// A document type is refused: it is what entities, and so external files and texts that grow, come from.
final class XMLReader {
  private static let depthLimit = 16
  private static let textByteLimit = 4096

  /// The elements that are open, the root first.
  private var open: [XMLElement] = []
  private var root: XMLElement?
  private var problem: String?
  private var parser: XML_Parser?

  /// The root element of `bytes`.
  ///
  /// - Throws: `xml`, with the line if there is one.
  static func read(_ bytes: [UInt8]) throws(BundleProblem) -> XMLElement {
    guard let parser = XML_ParserCreate(nil) else { throw BundleProblem(.xml, "not enough memory to read it") }
    defer { XML_ParserFree(parser) }
    let reader = XMLReader()
    // SAFETY: `reader` outlives the parser's only use of it, the call of `XML_Parse` below.
    XML_SetUserData(parser, Unmanaged.passUnretained(reader).toOpaque())
    reader.parser = parser
    reader.setHandlers(of: parser)
    let status = bytes.withUnsafeBytes { raw in
      XML_Parse(parser, raw.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(clamping: raw.count), 1)
    }
    let line = "line \(XML_GetCurrentLineNumber(parser))"
    if let problem = reader.problem { throw BundleProblem(.xml, "\(line): \(problem)") }
    guard status == XML_STATUS_OK, let root = reader.root else {
      let text = XML_ErrorString(XML_GetErrorCode(parser)).map { String(cString: $0) } ?? "not well-formed"
      throw BundleProblem(.xml, "\(line): \(text)")
    }
    return root
  }

  private func setHandlers(of parser: XML_Parser) {
    XML_SetElementHandler(
      parser,
      { reader, name, attributes in
        XMLReader.from(reader)?.begin(XMLReader.text(name), XMLReader.attributes(attributes))
      }, { reader, _ in XMLReader.from(reader)?.end() })
    XML_SetCharacterDataHandler(parser) { reader, bytes, count in
      let text = UnsafeBufferPointer(start: bytes, count: Int(count))
      XMLReader.from(reader)?.add(String(decoding: text.lazy.map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }
    XML_SetStartDoctypeDeclHandler(parser) { reader, _, _, _, _ in
      XMLReader.from(reader)?.fail("a document type is not allowed")
    }
  }

  private static func from(_ pointer: UnsafeMutableRawPointer?) -> XMLReader? {
    pointer.map { Unmanaged<XMLReader>.fromOpaque($0).takeUnretainedValue() }
  }

  private static func text(_ pointer: UnsafePointer<CChar>?) -> String { pointer.map { String(cString: $0) } ?? "" }

  /// Names and values alternate, and nil ends them.
  private static func attributes(_ pointer: UnsafeMutablePointer<UnsafePointer<CChar>?>?) -> [String: String] {
    var attributes: [String: String] = [:]
    var index = 0
    while let name = pointer?[index] {
      attributes[text(name)] = text(pointer?[index + 1])
      index += 2
    }
    return attributes
  }

  private func begin(_ name: String, _ attributes: [String: String]) {
    guard problem == nil else { return }
    guard open.count < Self.depthLimit else { return fail("elements are nested more than \(Self.depthLimit) deep") }
    open.append(XMLElement(name: name, attributes: attributes))
  }

  private func add(_ text: String) {
    guard problem == nil, let last = open.indices.last else { return }
    open[last].text += text
    if open[last].text.utf8.count > Self.textByteLimit { fail("a text has more than \(Self.textByteLimit) bytes") }
  }

  private func end() {
    guard problem == nil, let element = open.popLast() else { return }
    if let last = open.indices.last { open[last].children.append(element) } else { root = element }
  }

  private func fail(_ text: String) {
    problem = problem ?? text
    XML_StopParser(parser, XML_Bool(XML_FALSE))
  }
}
