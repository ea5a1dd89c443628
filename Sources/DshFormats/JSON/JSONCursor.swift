// Reads JSON byte by byte, strictly: tells exactly where something is wrong, and what kinds of values there are.
import CDshKernels
import DshColumns

/// What is wrong with a text, and where.
struct JSONFault: Error, Hashable {
  /// From the first byte of the text.
  var position: Int
  var problem: String
  /// Whether the text ends where more should stand, so that more of it may mend it.
  var isCut: Bool
}

/// A place in a text that is read forwards (RFC 8259).
///
/// It is the readable definition of what the vectorised scan accepts, and slow: samples are read with it, and records that the scan refused.
struct JSONCursor {
  private let bytes: UnsafeBufferPointer<UInt8>
  private(set) var position: Int

  /// Reads bytes that outlive the cursor, from a place on.
  init(_ bytes: UnsafeBufferPointer<UInt8>, at position: Int = 0) {
    self.bytes = bytes
    self.position = position
  }

  var isAtEnd: Bool { position >= bytes.count }

  mutating func skipBlanks() {
    while position < bytes.count,
      bytes[position] == 0x20 || (0x09...0x0D ~= bytes[position] && bytes[position] != 0x0B && bytes[position] != 0x0C)
    {
      position += 1
    }
  }

  /// Moves over a character if it stands here.
  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  func isAt(_ character: Unicode.Scalar) -> Bool { position < bytes.count && bytes[position] == UInt8(ascii: character) }

  private func fault(_ problem: String, at place: Int? = nil) -> JSONFault {
    JSONFault(position: place ?? position, problem: problem, isCut: max(position, place ?? 0) >= bytes.count)
  }

  private var rest: String { streamExcerpt(bytes[min(position, bytes.count)...]) }

  /// Something that should stand here, and does not.
  func missing(_ what: String) -> JSONFault {
    isAtEnd ? fault("it ends where \(what) should stand") : fault("\(what) should stand here: \(rest)")
  }

  /// Reads one value and widens a shape by it.
  mutating func value(into shape: inout JSONShape, depth: Int = 0) throws(JSONFault) {
    skipBlanks()
    guard position < bytes.count else { throw missing("a value") }
    let start = position
    switch bytes[position] {
    case UInt8(ascii: "{"): try object(into: &shape, depth: depth + 1)
    case UInt8(ascii: "["): try array(into: &shape, depth: depth + 1)
    case UInt8(ascii: "\""):
      let (range, hasEscapes) = try string()
      if shape.examinesTexts { shape.note(text: UnsafeBufferPointer(rebasing: bytes[range]), hasEscapes: hasEscapes) }
    case UInt8(ascii: "-"), 0x30...0x39:
      let isWhole = try number()
      shape.note(number: UnsafeBufferPointer(rebasing: bytes[start..<position]), isWhole: isWhole)
    case UInt8(ascii: "n"):
      try word("null")
    case UInt8(ascii: "t"):
      try word("true")
      shape.kinds.insert(.bool)
    case UInt8(ascii: "f"):
      try word("false")
      shape.kinds.insert(.bool)
    default: throw missing("a value")
    }
  }

  private mutating func word(_ word: StaticString) throws(JSONFault) {
    let start = position
    let end = start + word.utf8CodeUnitCount
    let isWord = (start..<min(end, bytes.count)).allSatisfy { bytes[$0] == word.utf8Start[$0 - start] }
    guard isWord, end <= bytes.count else {
      throw JSONFault(position: start, problem: "this is no value: \(rest)", isCut: isWord)
    }
    position = end
  }

  private mutating func open(depth: Int) throws(JSONFault) {
    guard depth <= Int(DSH_JSON_DEPTH_LIMIT) else { throw fault("values lie in one another more than \(DSH_JSON_DEPTH_LIMIT) deep") }
    position += 1
    skipBlanks()
  }

  private mutating func object(into shape: inout JSONShape, depth: Int) throws(JSONFault) {
    try open(depth: depth)
    shape.kinds.insert(.object)
    if skip("}") { return }
    // Names that come in the order in which they are known are different ones.
    var expected = 0
    var seen: Set<Int> = []
    var ignored = JSONShape.ignored
    while true {
      guard isAt("\"") else { throw missing("a name in quotes") }
      let start = position
      let (range, hasEscapes) = try string()
      skipBlanks()
      guard skip(":") else { throw missing("a colon") }
      if shape.examinesMembers {
        let name = Self.text(UnsafeBufferPointer(rebasing: bytes[range]), hasEscapes: hasEscapes)
        guard name.utf8.count <= Int(DSH_JSON_NAME_LIMIT) else {
          throw fault("a name is longer than \(DSH_JSON_NAME_LIMIT) bytes", at: start)
        }
        let index = shape.index(ofMember: name, expected: expected)
        if let index {
          guard seen.insert(index).inserted else { throw fault("the name \"\(name)\" stands twice in an object", at: start) }
          expected = index + 1
          try value(into: &shape.members[index].shape, depth: depth)
        } else {
          try value(into: &ignored, depth: depth)
        }
      } else {
        try value(into: &ignored, depth: depth)
      }
      skipBlanks()
      if skip("}") { return }
      guard skip(",") else { throw missing("a comma or }") }
      skipBlanks()
    }
  }

  private mutating func array(into shape: inout JSONShape, depth: Int) throws(JSONFault) {
    try open(depth: depth)
    shape.kinds.insert(.array)
    if skip("]") { return }
    if shape.element.isEmpty { shape.element = [shape.isIgnored ? .ignored : JSONShape()] }
    while true {
      try value(into: &shape.element[0], depth: depth)
      skipBlanks()
      if skip("]") { return }
      guard skip(",") else { throw missing("a comma or ]") }
    }
  }

  /// Whether the number has neither fraction nor exponent.
  private mutating func number() throws(JSONFault) -> Bool {
    let start = position
    func isDigit(_ place: Int) -> Bool { place < bytes.count && 0x30...0x39 ~= bytes[place] }
    _ = skip("-")
    let first = position
    while isDigit(position) { position += 1 }
    guard position > first else { throw fault("this is no number: \(streamExcerpt(bytes[start...]))", at: start) }
    guard bytes[first] != 0x30 || position == first + 1 else { throw fault("a number begins with a zero", at: start) }
    var isWhole = true
    if skip(".") {
      isWhole = false
      guard isDigit(position) else {
        throw fault("a digit should stand behind the point of a number: \(streamExcerpt(bytes[start...]))", at: start)
      }
      while isDigit(position) { position += 1 }
    }
    if isAt("e") || isAt("E") {
      isWhole = false
      position += 1
      if !skip("+") { _ = skip("-") }
      guard isDigit(position) else { throw fault("a number has no exponent: \(streamExcerpt(bytes[start...]))", at: start) }
      while isDigit(position) { position += 1 }
    }
    return isWhole
  }

  /// Reads a string as the name of a member.
  mutating func name() throws(JSONFault) -> String {
    let (range, hasEscapes) = try string()
    return Self.text(UnsafeBufferPointer(rebasing: bytes[range]), hasEscapes: hasEscapes)
  }

  /// Reads a string; the bytes between its quotes, and whether there are escapes among them.
  mutating func string() throws(JSONFault) -> (Range<Int>, Bool) {
    let start = position
    position += 1
    var hasEscapes = false
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        position += 1
        return (start + 1..<position - 1, hasEscapes)
      case UInt8(ascii: "\\"):
        hasEscapes = true
        try escape()
      case 0x0A: throw fault("a line ends inside of a text: \(streamExcerpt(bytes[start...]))")
      case 0..<0x20: throw fault("a control character stands in a text: \(streamExcerpt(bytes[start...]))")
      default: position += 1
      }
    }
    throw fault("a text has no end: \(streamExcerpt(bytes[start...]))")
  }

  private mutating func escape() throws(JSONFault) {
    let start = position
    position += 1
    guard position < bytes.count else { throw fault("a text has no end") }
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
      UInt8(ascii: "r"),
      UInt8(ascii: "t"):
      return
    case UInt8(ascii: "u"):
      let unit = try codeUnit(start)
      guard 0xD800..<0xE000 ~= unit else { return }
      guard unit < 0xDC00, isAt("\\"), position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "u") else {
        if unit < 0xDC00, position + 2 > bytes.count { throw fault("a text has no end", at: bytes.count) }
        throw fault("half of a character stands in a text", at: start)
      }
      position += 2
      guard 0xDC00..<0xE000 ~= (try codeUnit(start)) else { throw fault("half of a character stands in a text", at: start) }
    default: throw fault("an unknown escape stands in a text: \(streamExcerpt(bytes[start...].prefix(2)))", at: start)
    }
  }

  private mutating func codeUnit(_ start: Int) throws(JSONFault) -> UInt32 {
    var unit: UInt32 = 0
    for place in position..<position + 4 {
      guard place < bytes.count else { throw fault("a text has no end", at: bytes.count) }
      guard let digit = Character(Unicode.Scalar(bytes[place])).hexDigitValue else {
        throw fault("four hexadecimal digits should stand behind \\u", at: start)
      }
      unit = unit << 4 | UInt32(digit)
    }
    position += 4
    return unit
  }

  /// What the bytes between the quotes of a string mean, which was read before.
  static func text(_ bytes: UnsafeBufferPointer<UInt8>, hasEscapes: Bool) -> String {
    guard hasEscapes, bytes.count > 0, let start = bytes.baseAddress else { return String(decoding: bytes, as: UTF8.self) }
    return String(unsafeUninitializedCapacity: bytes.count) { output in
      guard let target = output.baseAddress else { return 0 }
      return Int(dsh_json_unescaped(start, Int64(bytes.count), target))
    }
  }
}
