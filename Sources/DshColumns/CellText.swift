// The text of one cell as tables, text formats and casts to string show it, and as JSON.

/// Turns values into UTF-8 text.
public enum CellText {
  /// Appends the text of one cell; a null appends nothing.
  ///
  /// Numbers are the shortest text that reads back as the same number (`1.0` keeps its `.0`), dates and timestamps
  /// ISO 8601, those for a zone in UTC with a `Z`, lengths of time `26:03:04.5`, lists `[a, b]`, structures `{name: a}` and maps
  /// `{key: a}` with `null` inside; binary is shown as hexadecimal digits.
  ///
  /// It is a row of the column, which only debug builds check.
  @unsafe public static func append(_ column: Column, row: Int, to output: MutableBuffer) {
    guard unsafe column.isValid(row) else { return }
    switch column.storage {
    case .none: break
    case .bits(let buffer): unsafe append(bool: Bitmap(buffer: buffer, count: column.count)[row], to: output)
    case .fixed(let buffer): unsafe appendFixed(buffer, type: column.type, row: row, to: output)
    case .text, .dictionary:
      let bytes = unsafe column.textBytes(at: row)
      if column.type == .binary { unsafe appendHexadecimal(bytes, to: output) } else { unsafe append(bytes: bytes, to: output) }
    case .list(let offsets, let elements):
      let bounds = unsafe offsets.pointer(to: Int32.self)
      let entries = elements.entries(of: column.type)
      output.append(entries == nil ? UInt8(ascii: "[") : UInt8(ascii: "{"))
      for element in unsafe Int(bounds[row])..<Int(bounds[row + 1]) {
        if unsafe element > Int(bounds[row]) { append(", ", to: output) }
        if let (keys, values) = entries {
          unsafe appendNested(keys, row: element, to: output)
          append(": ", to: output)
          unsafe appendNested(values, row: element, to: output)
        } else {
          unsafe appendNested(elements, row: element, to: output)
        }
      }
      output.append(entries == nil ? UInt8(ascii: "]") : UInt8(ascii: "}"))
    case .structure(let columns):
      guard case .structure(let fields) = column.type else { return }
      output.append(UInt8(ascii: "{"))
      for (index, (field, member)) in zip(fields, columns).enumerated() {
        if index > 0 { append(", ", to: output) }
        append(field.name, to: output)
        append(": ", to: output)
        unsafe appendNested(member, row: row, to: output)
      }
      output.append(UInt8(ascii: "}"))
    }
  }

  /// The text of one cell as a string, or nil for null.
  public static func string(_ column: Column, row: Int) -> String? {
    precondition(row >= 0 && row < column.count, "a row of the column: \(row) of \(column.count)")
    guard unsafe column.isValid(row) else { return nil }
    let output = MutableBuffer(capacity: 64)
    unsafe append(column, row: row, to: output)
    return unsafe String(decoding: UnsafeRawBufferPointer(start: output.start, count: output.byteCount), as: UTF8.self)
  }

  /// The text of a value as a string, or nil for null.
  public static func string(_ value: Value) -> String? {
    string(Column.repeating(value, type: value.type, count: 1), row: 0)
  }

  @unsafe private static func appendNested(_ column: Column, row: Int, to output: MutableBuffer) {
    if unsafe column.isValid(row) { unsafe append(column, row: row, to: output) } else { append("null", to: output) }
  }

  @unsafe private static func appendFixed(_ buffer: Buffer, type: DataType, row: Int, to output: MutableBuffer) {
    output.reserve(numberLimitBytes)
    unsafe output.byteCount &+= FixedText(type, buffer).write(
      row, to: (output.start + output.byteCount).assumingMemoryBound(to: UInt8.self))
  }

  // MARK: Single values

  public static func append(_ text: StaticString, to output: MutableBuffer) {
    unsafe output.append(UnsafeRawPointer(text.utf8Start), byteCount: text.utf8CodeUnitCount)
  }

  public static func append(_ text: String, to output: MutableBuffer) {
    var text = text
    text.withUTF8 { unsafe append(bytes: UnsafeRawBufferPointer($0), to: output) }
  }

  @inlinable public static func append(bytes: UnsafeRawBufferPointer, to output: MutableBuffer) {
    if let base = bytes.baseAddress { unsafe output.append(base, byteCount: bytes.count) }
  }

  public static func append(bool value: Bool, to output: MutableBuffer) {
    if value { append("true", to: output) } else { append("false", to: output) }
  }

  public static func append(int64 value: Int64, to output: MutableBuffer) {
    output.reserve(numberLimitBytes)
    unsafe output.byteCount &+= write(int64: value, to: (output.start + output.byteCount).assumingMemoryBound(to: UInt8.self))
  }

  public static func append(float64 value: Double, to output: MutableBuffer) {
    output.reserve(numberLimitBytes)
    unsafe output.byteCount &+= write(float64: value, to: (output.start + output.byteCount).assumingMemoryBound(to: UInt8.self))
  }

  // MARK: Numbers at an address

  /// The most bytes that the text of a number, date or timestamp takes.
  ///
  /// Of a decimal of 38 digits behind the point: those, a zero and the point in front of them, and a sign.
  public static let numberLimitBytes = 48

  /// Writes a number at an address with room for `numberLimitBytes`; how many bytes it took.
  public static func write(int64 value: Int64, to target: UnsafeMutablePointer<UInt8>) -> Int {
    guard value < 0 else { return unsafe writeDigits(value.magnitude, minimum: 1, to: target) }
    unsafe target[0] = UInt8(ascii: "-")
    return unsafe writeDigits(value.magnitude, minimum: 1, to: target + 1) &+ 1
  }

  /// Writes the shortest text that reads back as the same number, as Swift's `description` gives it; how many bytes it took.
  ///
  /// Most numbers in files are short decimals: if m / 10^k gives the value back for an integer m of at most 15 digits, then m
  /// with k decimals is the shortest text, because two decimals of 15 digits never name the same double.
  public static func write(float64 value: Double, to target: UnsafeMutablePointer<UInt8>) -> Int {
    let magnitude = value.magnitude
    if magnitude >= 0.001 && magnitude < 1e10 {
      for decimals in 0...4 {
        let scaled = (magnitude * power(decimals)).rounded()
        guard scaled / power(decimals) == magnitude else { continue }
        let digits = UInt64(scaled)
        let unit = UInt64(power(decimals))
        var length = 0
        if value < 0 {
          unsafe target[0] = UInt8(ascii: "-")
          length = 1
        }
        unsafe length &+= writeDigits(digits / unit, minimum: 1, to: target + length)
        unsafe target[length] = UInt8(ascii: ".")
        length &+= 1
        return unsafe length &+ writeDigits(digits % unit, minimum: max(1, decimals), to: target + length)
      }
    }
    var text = value.description
    return text.withUTF8 { utf8 in
      // Seventeen digits, a sign, a point and an exponent at most.
      let length = min(utf8.count, numberLimitBytes)
      if let base = utf8.baseAddress { unsafe target.update(from: base, count: length) }
      return length
    }
  }

  /// Writes a number's digits, with leading zeros up to `minimum` digits (at most 20).
  @inline(__always)
  static func writeDigits(_ number: UInt64, minimum: Int, to digits: UnsafeMutablePointer<UInt8>) -> Int {
    var count = 1
    var bound: UInt64 = 10
    while count < 20, number >= bound {
      count &+= 1
      let (next, overflow) = bound.multipliedReportingOverflow(by: 10)
      if overflow { break }
      bound = next
    }
    count = max(count, minimum)
    var rest = number
    var position = count
    while position > 0 {
      position &-= 1
      unsafe digits[position] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
    return count
  }

  /// The powers of ten that short decimals need.
  @inline(__always)
  private static func power(_ exponent: Int) -> Double {
    switch exponent {
    case 0: 1
    case 1: 10
    case 2: 100
    case 3: 1000
    default: 10_000
    }
  }

  private static func appendHexadecimal(_ bytes: UnsafeRawBufferPointer, to output: MutableBuffer) {
    for index in bytes.indices {
      let byte = unsafe bytes[index]
      output.append(hexadecimalDigit(byte >> 4))
      output.append(hexadecimalDigit(byte & 15))
    }
  }

  @inline(__always) private static func hexadecimalDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") &+ value : UInt8(ascii: "a") &+ value &- 10
  }

  // MARK: JSON

  /// Appends one cell as a JSON value.
  ///
  /// JSON has no NaN and no infinity: they become `null`. Whatever tells a time is a string in the form that tables show, and so are the
  /// keys of a map, which is an object; binary is a string of hexadecimal digits. It is a row of the column, which only debug builds check.
  @unsafe public static func appendJSON(_ column: Column, row: Int, to output: MutableBuffer) {
    guard unsafe column.isValid(row) else { return append("null", to: output) }
    switch column.storage {
    case .none: append("null", to: output)
    case .bits: unsafe append(column, row: row, to: output)
    case .fixed(let buffer):
      switch column.type {
      case .date, .timestamp, .instant, .time, .duration:
        output.append(UInt8(ascii: "\""))
        unsafe appendFixed(buffer, type: column.type, row: row, to: output)
        output.append(UInt8(ascii: "\""))
      case .float64 where unsafe !buffer.pointer(to: Double.self)[row].isFinite: append("null", to: output)
      case .narrow(.float32) where unsafe !buffer.pointer(to: Float.self)[row].isFinite: append("null", to: output)
      default: unsafe appendFixed(buffer, type: column.type, row: row, to: output)
      }
    case .text, .dictionary:
      if column.type == .binary {
        output.append(UInt8(ascii: "\""))
        unsafe appendHexadecimal(column.textBytes(at: row), to: output)
        output.append(UInt8(ascii: "\""))
      } else {
        unsafe appendJSON(text: column.textBytes(at: row), to: output)
      }
    case .list(let offsets, let elements):
      let bounds = unsafe offsets.pointer(to: Int32.self)
      let entries = elements.entries(of: column.type)
      output.append(entries == nil ? UInt8(ascii: "[") : UInt8(ascii: "{"))
      for element in unsafe Int(bounds[row])..<Int(bounds[row + 1]) {
        if unsafe element > Int(bounds[row]) { output.append(UInt8(ascii: ",")) }
        if let (keys, values) = entries {
          appendJSON(text: string(keys, row: element) ?? "null", to: output)
          output.append(UInt8(ascii: ":"))
          unsafe appendJSON(values, row: element, to: output)
        } else {
          unsafe appendJSON(elements, row: element, to: output)
        }
      }
      output.append(entries == nil ? UInt8(ascii: "]") : UInt8(ascii: "}"))
    case .structure(let columns):
      guard case .structure(let fields) = column.type else { return append("null", to: output) }
      output.append(UInt8(ascii: "{"))
      for (index, (field, member)) in zip(fields, columns).enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        appendJSON(text: field.name, to: output)
        output.append(UInt8(ascii: ":"))
        unsafe appendJSON(member, row: row, to: output)
      }
      output.append(UInt8(ascii: "}"))
    }
  }

  /// Appends text as a JSON string: quotes, backslashes and control characters escaped, all else as it is.
  public static func appendJSON(text bytes: UnsafeRawBufferPointer, to output: MutableBuffer) {
    output.reserve(bytes.count + 2)
    output.append(UInt8(ascii: "\""))
    var clean = 0
    for index in bytes.indices {
      let byte = unsafe bytes[index]
      guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
      unsafe append(bytes: UnsafeRawBufferPointer(rebasing: bytes[clean..<index]), to: output)
      clean = index + 1
      appendEscape(of: byte, to: output)
    }
    unsafe append(bytes: UnsafeRawBufferPointer(rebasing: bytes[clean...]), to: output)
    output.append(UInt8(ascii: "\""))
  }

  public static func appendJSON(text: String, to output: MutableBuffer) {
    var text = text
    text.withUTF8 { unsafe appendJSON(text: UnsafeRawBufferPointer($0), to: output) }
  }

  private static func appendEscape(of byte: UInt8, to output: MutableBuffer) {
    switch byte {
    case UInt8(ascii: "\""): append("\\\"", to: output)
    case UInt8(ascii: "\\"): append("\\\\", to: output)
    case UInt8(ascii: "\n"): append("\\n", to: output)
    case UInt8(ascii: "\r"): append("\\r", to: output)
    case UInt8(ascii: "\t"): append("\\t", to: output)
    default:
      append("\\u00", to: output)
      output.append(hexadecimalDigit(byte >> 4))
      output.append(hexadecimalDigit(byte & 15))
    }
  }
}
