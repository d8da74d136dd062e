/// An element of an XML document, with everything inside it.
struct XMLElement {
  var name: String
  var attributes: [String: String] = [:]
  /// The text between the tags, without that of the elements inside.
  var text = ""
  var children: [XMLElement] = []

  /// The first element of this name directly inside.
  func first(_ name: String) -> XMLElement? { children.first { $0.name == name } }

  /// All elements of this name directly inside.
  func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }

  /// The text without white space around it.
  var trimmedText: String {
    var text = text[...]
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }

  /// Whether an element of this name is somewhere inside and is not empty.
  func contains(_ name: String) -> Bool {
    children.contains { $0.name == name && !($0.trimmedText.isEmpty && $0.children.isEmpty) || $0.contains(name) }
  }
}
