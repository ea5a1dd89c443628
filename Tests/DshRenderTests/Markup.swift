// Reads HTML fragments and SVG with a parser of XML, so that tests see their elements and texts.

import Foundation
import FoundationXML
import Testing

/// The elements of a text that is well-formed.
final class Markup: NSObject, XMLParserDelegate {
  private(set) var names: [String] = []
  private(set) var attributes: [String: Set<String>] = [:]
  /// What stands in each element that holds text alone.
  private(set) var texts: [(name: String, text: String)] = []
  private var text = ""

  /// - Returns: nil, and an issue is recorded, for what is not well-formed.
  init?(_ fragment: String, sourceLocation: SourceLocation = #_sourceLocation) {
    super.init()
    let parser = XMLParser(data: Data("<x>\(fragment)</x>".utf8))
    parser.delegate = self
    guard parser.parse() else {
      let problem = "\(String(describing: parser.parserError)) at \(parser.lineNumber): \(fragment.prefix(2000))"
      Issue.record("not well-formed: \(problem)", sourceLocation: sourceLocation)
      return nil
    }
  }

  /// The texts of all elements of a name.
  func texts(_ name: String) -> [String] { texts.filter { $0.name == name }.map(\.text) }

  /// Whether nothing runs and nothing comes from elsewhere.
  var isSelfContained: Bool {
    names.allSatisfy { !["script", "iframe", "img", "link", "object", "embed", "image", "use", "style"].contains($0) }
      && attributes.keys.allSatisfy { !$0.hasPrefix("on") && !["href", "src", "xlink:href", "srcset"].contains($0) }
      && !attributes.values.contains { $0.contains { $0.contains("url(") } }
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?, attributes found: [String: String]
  ) {
    names.append(name)
    for (key, value) in found { attributes[key, default: []].insert(value) }
    text = ""
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
    texts.append((name, text))
    text = ""
  }
}
