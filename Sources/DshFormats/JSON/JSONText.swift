// JSON text as values, one at a time.
import DshColumns
import DshDiagnostics

/// A value of JSON.
public enum JSONValue: Hashable, Sendable {
  case null
  case bool(Bool)
  /// A number as it stands there.
  case number(String)
  case string(String)
  case array([JSONValue])
  /// The members in their order.
  case object([JSONMember])

  public init(_ number: Int) { self = .number(String(number)) }
}

public struct JSONMember: Hashable, Sendable {
  @ExactText public var name: String
  public var value: JSONValue

  public init(name: String, value: JSONValue) {
    self.name = name
    self.value = value
  }
}

/// What is wrong with a text.
public struct JSONMistake: Error, Hashable {
  public var problem: String

  public init(problem: String) { self.problem = problem }
}

/// Reads values from UTF-8 that has been checked.
public struct JSONText {
  private let bytes: ArraySlice<UInt8>
  private var position: Int

  /// Values in one another; deeper ones are refused, so that the stack holds.
  private static let depthLimit = 100

  public init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  /// The one value of the text.
  public mutating func value() throws(JSONMistake) -> JSONValue {
    let value = try value(depth: 0)
    skipBlanks()
    guard position == bytes.endIndex else { throw JSONMistake(problem: "something follows the value: \(rest)") }
    return value
  }

  private var rest: String { streamExcerpt(bytes[position...]) }

  private mutating func skipBlanks() {
    while position < bytes.endIndex, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
  }

  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard position < bytes.endIndex, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func skip(word: String) -> Bool {
    guard bytes[position...].starts(with: word.utf8) else { return false }
    position += word.utf8.count
    return true
  }

  private mutating func value(depth: Int) throws(JSONMistake) -> JSONValue {
    guard depth < Self.depthLimit else { throw JSONMistake(problem: "values lie in one another more than \(Self.depthLimit) deep") }
    skipBlanks()
    guard position < bytes.endIndex else { throw JSONMistake(problem: "it ends where a value should stand") }
    switch bytes[position] {
    case UInt8(ascii: "{"): return .object(try members(depth: depth))
    case UInt8(ascii: "["): return .array(try elements(depth: depth))
    case UInt8(ascii: "\""): return .string(try string())
    default: break
    }
    if skip(word: "null") { return .null }
    if skip(word: "true") { return .bool(true) }
    if skip(word: "false") { return .bool(false) }
    // Python's and JavaScript's names for what JSON has no numbers for.
    for word in ["NaN", "Infinity", "-Infinity"] where skip(word: word) { return .number(word) }
    return .number(try number())
  }

  private mutating func members(depth: Int) throws(JSONMistake) -> [JSONMember] {
    position += 1
    var members: [JSONMember] = []
    skipBlanks()
    if skip("}") { return members }
    while true {
      skipBlanks()
      guard position < bytes.endIndex, bytes[position] == UInt8(ascii: "\"") else {
        throw JSONMistake(problem: "a name in quotes should stand here: \(rest)")
      }
      let name = try string()
      skipBlanks()
      guard skip(":") else { throw JSONMistake(problem: "a colon should stand here: \(rest)") }
      members.append(JSONMember(name: name, value: try value(depth: depth + 1)))
      skipBlanks()
      if skip("}") { return members }
      guard skip(",") else { throw JSONMistake(problem: "a comma or } should stand here: \(rest)") }
    }
  }

  private mutating func elements(depth: Int) throws(JSONMistake) -> [JSONValue] {
    position += 1
    var elements: [JSONValue] = []
    skipBlanks()
    if skip("]") { return elements }
    while true {
      elements.append(try value(depth: depth + 1))
      skipBlanks()
      if skip("]") { return elements }
      guard skip(",") else { throw JSONMistake(problem: "a comma or ] should stand here: \(rest)") }
    }
  }

  private mutating func number() throws(JSONMistake) -> String {
    let start = position
    func isDigit(_ place: Int) -> Bool { place < bytes.endIndex && (0x30...0x39).contains(bytes[place]) }
    _ = skip("-")
    let first = position
    while isDigit(position) { position += 1 }
    var isNumber = position > first && (bytes[first] != 0x30 || position == first + 1)
    if isNumber, skip(".") {
      isNumber = isDigit(position)
      while isDigit(position) { position += 1 }
    }
    if isNumber, skip("e") || skip("E") {
      if !skip("+") { _ = skip("-") }
      isNumber = isDigit(position)
      while isDigit(position) { position += 1 }
    }
    guard isNumber else {
      position = start
      throw JSONMistake(problem: "this is no value: \(rest)")
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func string() throws(JSONMistake) -> String {
    let start = position
    position += 1
    var text: [UInt8] = []
    while position < bytes.endIndex {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): try appendEscaped(to: &text)
      case 0..<0x20: throw JSONMistake(problem: "a control character stands in a text: \(streamExcerpt(bytes[start...]))")
      default: text.append(byte)
      }
    }
    throw JSONMistake(problem: "a text has no end: \(streamExcerpt(bytes[start...]))")
  }

  private mutating func appendEscaped(to text: inout [UInt8]) throws(JSONMistake) {
    guard position < bytes.endIndex else { throw JSONMistake(problem: "a text has no end") }
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"):
      var code = try codeUnit()
      if (0xD800..<0xDC00).contains(code), skip(word: "\\u") {
        let low = try codeUnit()
        guard (0xDC00..<0xE000).contains(low) else { throw JSONMistake(problem: "half of a character stands in a text") }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw JSONMistake(problem: "half of a character stands in a text") }
      text += Array(String(Character(scalar)).utf8)
    default: throw JSONMistake(problem: "an unknown escape stands in a text: \\\(Character(Unicode.Scalar(byte)))")
    }
  }

  private mutating func codeUnit() throws(JSONMistake) -> UInt32 {
    let digits = bytes[position...].prefix(4)
    guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let code = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw JSONMistake(problem: "four hexadecimal digits should stand behind \\u") }
    position += 4
    return code
  }
}
