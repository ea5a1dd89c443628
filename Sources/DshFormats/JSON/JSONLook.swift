// Looks at a file of JSON: where its records begin, and what kinds of values they hold.
import CDshKernels
import DshColumns
import DshDiagnostics

/// What a look at one file told.
struct JSONLook: Sendable {
  var layout = JSONLayout()
  /// Where the first record begins, or what stands before it.
  var dataStart = 0
  /// The kinds of values of the records themselves.
  var shape = JSONShape()
}

/// Looks at the head of a file and, if its records are lines, at places all over it; cost does not depend on the file's size.
struct JSONSampler {
  /// As for CSV: files up to this size are looked at from end to end, so that small data never surprises.
  static let wholeFileBytes = CSVSniffer.wholeFileBytes

  let source: ByteSource
  let options: JSONOptions
  let isLines: Bool
  private var found = JSONLook()

  init(_ source: ByteSource, _ options: JSONOptions, isLines: Bool) {
    self.source = source
    self.options = options
    self.isLines = isLines
  }

  /// Throws `invalid-json`, `not-utf8`, `bad-option`, `other-format`, `record-too-long` or an error of reading.
  mutating func look() throws -> JSONLook {
    if options.isRaw { found.shape.isJSONText = true }
    if isLines { try lookAtLines() } else { try lookAtDocument() }
    if options.isRaw { found.layout.areObjects = false } else { found.layout.areObjects = found.shape.kinds.isSubset(of: .object) }
    if found.layout.areObjects, found.shape.members.count > JSONShape.memberLimit { throw JSONErrors.columnLimit(source) }
    return found
  }

  /// What tells that a file is of another format, or in another encoding.
  static let signatureBytes = 4096

  /// Where the first line begins of a file that begins with some bytes. Throws `other-format` and `not-utf8`.
  static func lineStart(_ head: [UInt8], _ source: ByteSource) throws(Diagnostic) -> Int {
    try checkSignature(head, source)
    try checkOrder(head, source)
    return markBytes(head)
  }

  private func head(_ count: Int) throws -> [UInt8] {
    let head = try source.bytes(at: 0, count: count)
    try Self.checkSignature(head, source)
    return head
  }

  private static func checkSignature(_ head: [UInt8], _ source: ByteSource) throws(Diagnostic) {
    if let format = FileSignature.format(of: head) {
      throw Diagnostic(.otherFormat, "\(format.name), not JSON: \(source.path)", suggestion: format.suggestion.map { .words($0) })
    }
  }

  private static func checkOrder(_ head: [UInt8], _ source: ByteSource) throws(Diagnostic) {
    if let order = UTF16Order.suggested(by: head.prefix(signatureBytes)) {
      throw Diagnostic(.notUTF8, "UTF-16 text without a byte-order mark: \(source.path)", suggestion: "\(order.optionText) reads it")
    }
  }

  private static func markBytes(_ head: [UInt8]) -> Int { head.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0 }

  // MARK: Lines

  private mutating func lookAtLines() throws {
    guard options.recordsPath.isEmpty else {
      throw Diagnostic(
        .invalidOptionValue, .user, "--records is for documents, and every line is one: \(source.path)",
        suggestion: "--format=json reads the file as a document")
    }
    found.layout.records = .lines
    let isWhole = source.sizeBytes <= Self.wholeFileBytes
    var count = isWhole ? source.sizeBytes : CSVSniffer.headBytes
    var head = try head(count)
    found.dataStart = Self.markBytes(head)
    // A first record that is longer than the head.
    while count < source.sizeBytes, head.lastIndex(of: 0x0A) == nil {
      guard count < JSONWindow.recordLimitBytes else { throw JSONErrors.recordTooLong(source, at: found.dataStart, isLine: true) }
      count *= 4
      head = try self.head(count)
    }
    try lines(head, at: 0, from: found.dataStart, isEnd: head.count == source.sizeBytes)
    if !isWhole { spread(from: head.count) }
  }

  /// Looks at the whole lines of some bytes of the file.
  private mutating func lines(_ bytes: [UInt8], at offset: Int, from first: Int, isEnd: Bool) throws {
    let end = isEnd ? bytes.count : (bytes.lastIndex(of: 0x0A) ?? first)
    try checkUTF8(bytes, at: offset, end: end)
    try bytes.withUnsafeBufferPointer { buffer in
      var start = first
      while start < end {
        let lineEnd = buffer[start..<end].firstIndex(of: 0x0A) ?? end
        try record(UnsafeBufferPointer(rebasing: buffer[start..<lineEnd]), at: offset + start)
        start = lineEnd + 1
      }
    }
  }

  private mutating func record(_ line: UnsafeBufferPointer<UInt8>, at offset: Int) throws {
    var cursor = JSONCursor(line)
    cursor.skipBlanks()
    if cursor.isAtEnd { return }
    do throws(JSONFault) {
      try cursor.value(into: &found.shape)
      cursor.skipBlanks()
      guard cursor.isAtEnd else { throw cursor.missing("the end of the line") }
    } catch {
      throw JSONErrors.invalid(source, at: offset + error.position, error.problem, suggestion: adviceForLines)
    }
  }

  /// What to do if lines are no records: perhaps the file is one document.
  private var adviceForLines: Diagnostic.Suggestion? {
    guard source.sizeBytes <= Self.wholeFileBytes else { return nil }
    var sampler = JSONSampler(source, options, isLines: false)
    return (try? sampler.look()) == nil ? nil : "--format=json reads the file, whose values go over several lines"
  }

  /// Looks at places all over the rest of the file. What can't be read there is left for the scan to report.
  private mutating func spread(from begin: Int) {
    let last = source.sizeBytes - CSVSniffer.spreadBytes
    for place in 1...CSVSniffer.spreadSamples where last > begin {
      let target = begin + Int(Double(last - begin) * Double(place) / Double(CSVSniffer.spreadSamples))
      guard let bytes = try? source.bytes(at: target, count: CSVSniffer.spreadBytes), let first = bytes.firstIndex(of: 0x0A) else {
        continue
      }
      let before = found.shape
      do { try lines(bytes, at: target, from: first + 1, isEnd: target + bytes.count == source.sizeBytes) } catch { found.shape = before }
    }
  }

  private func checkUTF8(_ bytes: [UInt8], at offset: Int, end: Int) throws {
    if offset == 0 { try Self.checkOrder(bytes, source) }
    let invalid = Int(dsh_utf8_first_invalid(bytes, Int64(bytes.count)))
    // A sequence that the end of the sample cuts short is no error.
    if invalid >= 0, invalid < end { throw JSONErrors.notUTF8(source, at: offset + invalid) }
  }

  // MARK: Documents

  private mutating func lookAtDocument() throws {
    var count = min(source.sizeBytes, Self.wholeFileBytes)
    while true {
      let bytes = try head(count)
      let isWhole = bytes.count == source.sizeBytes
      try checkUTF8(bytes, at: 0, end: isWhole ? bytes.count : max(0, bytes.count - 4))
      let shape = found.shape
      if try bytes.withUnsafeBufferPointer({ try document($0, isWhole: isWhole) }) { return }
      guard count < JSONWindow.recordLimitBytes else { throw JSONErrors.recordTooLong(source, at: found.dataStart, isLine: false) }
      found.shape = shape
      count = min(source.sizeBytes, count * 4)
    }
  }

  /// Looks at the first records; false if the bytes hold none, and more follow.
  private mutating func document(_ bytes: UnsafeBufferPointer<UInt8>, isWhole: Bool) throws -> Bool {
    var cursor = JSONCursor(bytes, at: bytes.prefix(3).elementsEqual([0xEF, 0xBB, 0xBF]) ? 3 : 0)
    found.dataStart = cursor.position
    var records = 0
    var isThere = false
    do throws(JSONFault) { isThere = try findRecords(&cursor) } catch {
      if !isWhole, error.isCut { return false }
      throw JSONErrors.invalid(source, at: error.position, error.problem)
    }
    guard isThere else { throw JSONErrors.noRecords(source, path: options.recordsPath.joined(separator: "."), at: cursor.position) }
    do throws(JSONFault) {
      found.dataStart = cursor.position
      cursor.skipBlanks()
      if found.layout.records == .elements, cursor.isAt("]") { return true }
      while !cursor.isAtEnd {
        try cursor.value(into: &found.shape)
        records += 1
        cursor.skipBlanks()
        if found.layout.records == .elements {
          if cursor.isAt("]") { return true }
          guard cursor.skip(",") else { throw cursor.missing("a comma or ]") }
        }
      }
      if found.layout.records == .elements { throw cursor.missing("a value") }
      return true
    } catch {
      // What the end of the sample cuts short is left for the scan to report.
      if !isWhole, error.isCut { return records > 0 }
      throw JSONErrors.invalid(source, at: error.position, error.problem)
    }
  }

  /// Moves behind the bracket of the array that holds the records; false if there is none.
  private mutating func findRecords(_ cursor: inout JSONCursor) throws(JSONFault) -> Bool {
    found.layout.enclosingObjects = options.recordsPath.count
    var ignored = JSONShape.ignored
    for name in options.recordsPath {
      cursor.skipBlanks()
      guard cursor.skip("{") else {
        if cursor.isAtEnd { throw cursor.missing("an object") }
        return false
      }
      while true {
        cursor.skipBlanks()
        if cursor.isAt("}") { return false }
        guard cursor.isAt("\"") else { throw cursor.missing("a name in quotes") }
        let member = try cursor.name()
        cursor.skipBlanks()
        guard cursor.skip(":") else { throw cursor.missing("a colon") }
        if member.isExactly(name) { break }
        try cursor.value(into: &ignored)
        cursor.skipBlanks()
        if cursor.isAt("}") { return false }
        guard cursor.skip(",") else { throw cursor.missing("a comma or }") }
      }
    }
    cursor.skipBlanks()
    if cursor.skip("[") {
      found.layout.records = .elements
      return true
    }
    if cursor.isAtEnd, !options.recordsPath.isEmpty { throw cursor.missing("an array") }
    found.layout.records = .sequence
    return options.recordsPath.isEmpty
  }
}
