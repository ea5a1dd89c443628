// A path to a value inside a JSON text: `$.a[0]."odd name"`.

import DshDiagnostics

/// Steps from the whole to a part.
struct JSONPath: Sendable {
  private enum Step: Sendable {
    case name([UInt8])
    /// From 0, or from the end if negative.
    case index(Int)
  }

  private var steps: [Step] = []

  init(_ text: String) throws(Diagnostic) {
    let bytes = Array(text.utf8)
    guard bytes.first == UInt8(ascii: "$") else { throw Self.mistake(text) }
    var position = 1
    while position < bytes.count {
      switch Unicode.Scalar(bytes[position]) {
      case ".":
        position += 1
        if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
          steps.append(.name(try Self.quoted(bytes, &position, text)))
        } else {
          let end = bytes[position...].firstIndex { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "[") } ?? bytes.count
          guard end > position else { throw Self.mistake(text) }
          steps.append(.name(Array(bytes[position..<end])))
          position = end
        }
      case "[":
        position += 1
        if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
          steps.append(.name(try Self.quoted(bytes, &position, text)))
        } else {
          let end = bytes[position...].firstIndex(of: UInt8(ascii: "]")) ?? bytes.count
          guard let index = Int(String(decoding: bytes[position..<end], as: UTF8.self)) else { throw Self.mistake(text) }
          steps.append(.index(index))
          position = end
        }
        guard position < bytes.count, bytes[position] == UInt8(ascii: "]") else { throw Self.mistake(text) }
        position += 1
      default: throw Self.mistake(text)
      }
    }
  }

  /// What stands between quotes; a backslash takes the next byte as it is.
  private static func quoted(_ bytes: [UInt8], _ position: inout Int, _ text: String) throws(Diagnostic) -> [UInt8] {
    var name: [UInt8] = []
    position += 1
    while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
      if bytes[position] == UInt8(ascii: "\\") { position += 1 }
      guard position < bytes.count else { break }
      name.append(bytes[position])
      position += 1
    }
    guard position < bytes.count else { throw mistake(text) }
    position += 1
    return name
  }

  private static func mistake(_ text: String) -> Diagnostic {
    Diagnostic(
      .badArgument, "not a path into JSON: \"\(text)\"", suggestion: "such as $.items[0].name, with odd names in quotes: $.\"odd name\"")
  }

  /// Where the value begins in a text; nil if there is none. Of several members of one name the first counts.
  func find(in text: JSONText) -> Int? {
    var position = text.start
    for step in steps {
      var found: Int?
      switch (step, text.kind(at: position)) {
      case (.name(let wanted), .object):
        text.forEachMember(at: position) { name, value in
          if text.string(at: name) == wanted { found = value }
          return found == nil
        }
      case (.index(let index), .array):
        var wanted = index
        if index < 0 {
          var count = 0
          text.forEachElement(at: position) { _ in
            count += 1
            return true
          }
          wanted = index < -count ? -1 : count + index
        }
        var passed = 0
        if wanted >= 0 {
          text.forEachElement(at: position) { element in
            if passed == wanted { found = element }
            passed += 1
            return found == nil
          }
        }
      default: return nil
      }
      guard let found else { return nil }
      position = found
    }
    return position
  }
}
