// Values put into a text where braces stand, and sizes as people write them.

import CDshKernels
import DshColumns
import DshDiagnostics
import DshPlan

extension FunctionRegistry {
  static let formatting: [Function] = [
    Function(
      "format", .text, ["pattern", "value"],
      [Overload([.exact(.string), .any], variadic: true, result: .exact(.string))],
      "The pattern with its `{}` exchanged for values in turn; `{:.2f}` sets decimals, `{:>8}` and `{:<8}` a width, `{:05}` zeros, `{:,}` groups thousands, `{{` is a brace.",
      examples: [
        ("format(\"{} of {:.2f}\", 3, 2.5)", "3 of 2.50"), ("format(\"{:<5}|{:05}\", \"ab\", 42)", "ab   |00042"),
        ("format(\"{:,} {{}}\", 1234567)", "1,234,567 {}"),
      ]
    ) { site throws(Diagnostic) in
      let constant = try site.constantText(0).map { text throws(Diagnostic) in try FormatPattern(text, valueCount: site.types.count - 1) }
      let valueCount = site.types.count - 1
      return Kernel(canFail: true) { call in
        let patterns = TextArgument(call.arguments[0])
        let values = call.arguments.dropFirst().map { FormatValue($0) }
        return call.texts { row, output in
          do {
            let pattern = try constant ?? FormatPattern(String(decoding: patterns[row], as: UTF8.self), valueCount: valueCount)
            try pattern.append(values, row, to: output)
          } catch let error as Diagnostic {
            call.fail(row, error)
          } catch {}
        }
      }
    },
    Function(
      "format_bytes", .text, ["bytes"], [.from(.int64, to: .string)],
      "A size in bytes with a binary unit, as `nodes` and receipts write it.",
      examples: [("format_bytes(1536)", "1.5 KiB"), ("format_bytes(12)", "12 B")]
    ) { _ in
      Kernel { call in
        let sizes = FixedArgument<Int64>(call.arguments[0])
        return call.texts { row, output in
          let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
          var (size, unit) = (Double(sizes[row].magnitude), 0)
          // What rounds up to 1024.0 is written with the next unit.
          while size >= (unit == 0 ? 1024 : 1023.95), unit + 1 < units.count { (size, unit) = (size / 1024, unit + 1) }
          if sizes[row] < 0 { output.append("-") }
          if unit == 0 {
            output.append(String(sizes[row].magnitude))
          } else {
            let tenths = Int((size * 10).rounded())
            output.append("\(tenths / 10).\(tenths % 10)")
          }
          output.append(" " + units[unit])
        }
      }
    },
  ]
}

/// A pattern taken apart.
private struct FormatPattern: Sendable {
  enum Piece: Sendable {
    case text(String)
    case value(Layout)
  }

  struct Layout: Sendable {
    var alignment: Character?
    var fillsZeros = false
    var width = 0
    var groups = false
    var decimals: Int?
    /// `d`, `f`, `s`, `x` or `%`.
    var kind: Character?
  }

  /// No value is written wider or with more decimals.
  private static let widthLimit = 1000
  private static let decimalLimit = 30

  let pieces: [Piece]

  init(_ text: String, valueCount: Int) throws(Diagnostic) {
    var pieces: [Piece] = []
    var plain = ""
    var used = 0
    var rest = Substring(text)
    while let character = rest.popFirst() {
      guard character == "{" || character == "}" else {
        plain.append(character)
        continue
      }
      if rest.first == character {
        rest.removeFirst()
        plain.append(character)
        continue
      }
      guard character == "{", let end = rest.firstIndex(of: "}") else {
        throw Self.mistake(text, "a brace has no partner; write {{ or }} for the character")
      }
      if !plain.isEmpty { pieces.append(.text(plain)) }
      plain = ""
      pieces.append(.value(try Self.layout(rest[..<end], of: text)))
      used += 1
      rest = rest[rest.index(after: end)...]
    }
    if !plain.isEmpty { pieces.append(.text(plain)) }
    guard used == valueCount else {
      throw Self.mistake(text, "it has \(used) places, and \(valueCount) \(valueCount == 1 ? "value is" : "values are") given")
    }
    self.pieces = pieces
  }

  private static func mistake(_ text: String, _ reason: String) -> Diagnostic {
    Diagnostic(.badArgument, "not a pattern of format, \(reason): \(text)", suggestion: "such as \"{} of {:.2f}\"")
  }

  private static func layout(_ text: Substring, of pattern: String) throws(Diagnostic) -> Layout {
    var layout = Layout()
    if text.isEmpty { return layout }
    guard text.first == ":" else { throw mistake(pattern, "places have no names or numbers") }
    var rest = text.dropFirst()
    if let first = rest.first, "<>^".contains(first) {
      layout.alignment = first
      rest.removeFirst()
    }
    if rest.first == "0" {
      layout.fillsZeros = true
      rest.removeFirst()
    }
    func number(_ limit: Int) throws(Diagnostic) -> Int? {
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      if digits.isEmpty { return nil }
      rest = rest.dropFirst(digits.count)
      guard let value = Int(digits), value <= limit else { throw mistake(pattern, "\(digits) is more than \(limit)") }
      return value
    }
    layout.width = try number(widthLimit) ?? 0
    if rest.first == "," {
      layout.groups = true
      rest.removeFirst()
    }
    if rest.first == "." {
      rest.removeFirst()
      guard let decimals = try number(decimalLimit) else { throw mistake(pattern, "a number of decimals is missing") }
      layout.decimals = decimals
    }
    if let kind = rest.popFirst() {
      guard "dfsx%".contains(kind) else { throw mistake(pattern, "there is no kind \"\(kind)\"") }
      layout.kind = kind
    }
    guard rest.isEmpty else { throw mistake(pattern, "\"\(rest)\" means nothing in a place") }
    return layout
  }

  func append(_ values: [FormatValue], _ row: Int, to output: TextOutput) throws(Diagnostic) {
    var next = 0
    for piece in pieces {
      switch piece {
      case .text(let text): output.append(text)
      case .value(let layout):
        guard next < values.count else { return }
        try values[next].append(row, layout, to: output)
        next += 1
      }
    }
  }
}

/// A value to be put into a pattern.
private struct FormatValue {
  private let operand: Operand

  init(_ operand: Operand) { self.operand = operand }

  func append(_ row: Int, _ layout: FormatPattern.Layout, to output: TextOutput) throws(Diagnostic) {
    let value = operand.value(at: row)
    var text: String
    var isNumber = true
    switch (value, layout.kind, layout.decimals) {
    case (.int64(let number), "x", nil): text = String(number, radix: 16)
    case (.int64(let number), nil, nil), (.int64(let number), "d", nil): text = String(number)
    case (.float64(let number), nil, nil): text = CellText.string(.float64(number)) ?? ""
    case (.int64(let number), nil, _), (.int64(let number), "f", _): text = Self.fixed(Double(number), layout.decimals ?? 6)
    case (.float64(let number), nil, _), (.float64(let number), "f", _): text = Self.fixed(number, layout.decimals ?? 6)
    case (.int64(let number), "%", _): text = Self.fixed(Double(number) * 100, layout.decimals ?? 0) + "%"
    case (.float64(let number), "%", _): text = Self.fixed(number * 100, layout.decimals ?? 0) + "%"
    case (_, nil, nil), (_, "s", nil):
      text = CellText.string(value) ?? "null"
      isNumber = false
    default:
      let kind = layout.decimals.map { ".\($0)" } ?? ""
      throw Diagnostic(
        .badArgument, "a \(operand.type.name) can't be written as {:\(kind)\(layout.kind.map { String($0) } ?? "")}",
        suggestion: "f, % and decimals are for numbers, d and x for whole numbers")
    }
    if layout.groups, isNumber { text = Self.grouped(text) }
    let missing = layout.width - text.unicodeScalars.count
    guard missing > 0 else { return output.append(text) }
    if layout.fillsZeros, isNumber, layout.alignment == nil {
      let isNegative = text.hasPrefix("-")
      return output.append((isNegative ? "-" : "") + String(repeating: "0", count: missing) + text.dropFirst(isNegative ? 1 : 0))
    }
    let left =
      switch layout.alignment ?? (isNumber ? ">" : "<") {
      case ">": missing
      case "^": missing / 2
      default: 0
      }
    output.append(String(repeating: " ", count: left) + text + String(repeating: " ", count: missing - left))
  }

  private static func fixed(_ number: Double, _ decimals: Int) -> String {
    guard number.isFinite else { return number.description }
    // The digits of the largest double, a sign, a point and the decimals.
    var text = [UInt8](repeating: 0, count: 384)
    let length = dsh_format_fixed(number, Int32(decimals), &text, text.count)
    return String(decoding: text[..<length], as: UTF8.self)
  }

  private static func grouped(_ text: String) -> String {
    let sign = text.hasPrefix("-") ? "-" : ""
    let digits = text.dropFirst(sign.count).prefix { $0.isASCII && $0.isNumber }
    let rest = text.dropFirst(sign.count + digits.count)
    var result = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { result.append(",") }
      result.append(digit)
    }
    return sign + result + rest
  }
}
