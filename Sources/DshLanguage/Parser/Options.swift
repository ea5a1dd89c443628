// Reads options: `--name` and `--name=value` of a verb or a command, checked against the registry entry.
import DshDiagnostics

/// What options belong to: a verb or a command.
protocol OptionOwner {
  var name: String { get }
  var options: [VerbOption] { get }
  func option(_ name: String) -> VerbOption?
}

extension Verb: OptionOwner {}
extension Command: OptionOwner {}

extension Parser {
  /// The options right after the verb.
  mutating func parseOptions(of verb: Verb) -> [OptionSyntax] {
    var options: [OptionSyntax] = []
    if token.kind == .minus, token.end == bytes.count, !verb.options.isEmpty {
      expect(.optionName(of: verb.options), from: token.start)
    }
    while token.kind == .dashDash, let option = parseOption(of: verb, given: options) {
      check(option, of: verb, given: options)
      options.append(option)
    }
    return options
  }

  /// An option behind the operands, as people write it: `take 3 --format=json`. Printed, it stands right after the verb. False if it was a
  /// comment of another language.
  mutating func parseLateOption(of verb: Verb, into options: inout [OptionSyntax]) -> Bool {
    guard let option = parseOption(of: verb, given: options) else { return false }
    check(option, of: verb, given: options)
    options.append(option)
    return true
  }

  /// One option; nil if the dashes start something else, which is then skipped to the end of the line.
  private mutating func parseOption(of verb: Verb, given: [OptionSyntax]) -> OptionSyntax? {
    guard let option = scanOption(at: token.start, of: verb, given: given) else {
      report(.commentStyle, "-- starts an option and its name must follow at once", token.span, suggestion: "comments start with #")
      resume(at: lexer.endOfLine(from: token.end))
      return nil
    }
    resume(at: option.span.end)
    return option
  }

  /// The option that starts at the dashes there; nil if no name follows them.
  mutating func scanOption(at start: Int, of verb: some OptionOwner, given: [OptionSyntax]) -> OptionSyntax? {
    let nameStart = start + 2
    var nameEnd = nameStart
    while nameEnd < bytes.count,
      bytes[nameEnd].isDigit || bytes[nameEnd].isLetter || bytes[nameEnd] == UInt8(ascii: "-") || bytes[nameEnd] == UInt8(ascii: "_")
    {
      nameEnd += 1
    }
    if nameEnd == bytes.count {
      expect(.optionName(of: verb.options.filter { option in !given.contains { $0.name.text == option.name } }), from: start)
    }
    guard nameEnd > nameStart else { return nil }
    let name = Name(text(nameStart..<nameEnd), span: SourceSpan(start: start, end: nameEnd))
    mark(name.span, .option)
    guard nameEnd < bytes.count, bytes[nameEnd] == UInt8(ascii: "=") else {
      return OptionSyntax(name: name, value: nil, span: name.span)
    }
    mark(SourceSpan(start: nameEnd, end: nameEnd + 1), .operation)
    let value = scanOptionValue(at: nameEnd + 1, of: verb.option(name.text))
    mark(value.span, value.isQuoted ? .string : .optionValue)
    return OptionSyntax(name: name, value: value, span: SourceSpan(start: start, end: value.span.end))
  }

  /// Items between commas, each of bare and quoted pieces.
  private mutating func scanOptionValue(at start: Int, of option: VerbOption?) -> OptionValue {
    var items: [String] = []
    var item = ""
    var itemStart = start
    var isQuoted = false
    var depth = 0
    var cursor = start
    scan: while cursor < bytes.count {
      let byte = bytes[cursor]
      switch Unicode.Scalar(byte) {
      case "'", "\"":
        isQuoted = true
        guard let end = lexer.endOfString(from: cursor) else {
          let end = lexer.endOfLine(from: cursor)
          leaveOpen(.quote(Character(Unicode.Scalar(byte))))
          report(.unterminatedString, "the quote is not closed", SourceSpan(start: cursor, end: end))
          item += text((cursor + 1)..<end)
          cursor = end
          break scan
        }
        item += stringText(cursor..<end)
        cursor = end
        continue
      case ",":
        items.append(item)
        item = ""
        itemStart = cursor + 1
      case "(": depth += 1
      case ")" where depth == 0 && !brackets.isEmpty: break scan
      case ")": depth -= 1
      // Right behind the sign a comment would leave the option without its value.
      case "#" where cursor == start: break
      case "|", ";", "#", "\n": break scan
      default:
        if byte.isBlank || lexer.continuedLineEnd(at: cursor) != nil { break scan }
      }
      let end = endOfBareRun(from: cursor)
      if byte != UInt8(ascii: ",") { item += text(cursor..<end) }
      cursor = end
    }
    items.append(item)
    if cursor == bytes.count, !isQuoted { expect(option.map { .optionValue(of: $0) } ?? .nothing, from: itemStart) }
    return OptionValue(list: items, isQuoted: isQuoted, span: SourceSpan(start: start, end: cursor))
  }

  /// The end of a run of bytes that mean nothing special in an option value; at least one byte.
  private func endOfBareRun(from start: Int) -> Int {
    var cursor = start + 1
    if bytes[start] == UInt8(ascii: ",") { return cursor }
    while cursor < bytes.count, bytes[cursor] > 0x20, bytes[cursor] != UInt8(ascii: "\\"), !"'\",()|;#".utf8.contains(bytes[cursor]) {
      cursor += 1
    }
    return cursor
  }

  // MARK: Checking

  mutating func check(_ option: OptionSyntax, of verb: some OptionOwner, given: [OptionSyntax]) {
    guard let known = verb.option(option.name.text) else { return reportUnknownOption(option, of: verb) }
    if given.contains(where: { $0.name.text == option.name.text }) {
      report(.duplicateOption, "--\(known.name) stands there twice", option.span)
    }
    guard let value = option.value else {
      if known.type != .flag { reportMissingValue(option, known) }
      return
    }
    if value.text.isEmpty, !value.isQuoted { return reportMissingValue(option, known) }
    if let trouble = trouble(with: value, of: known) {
      report(.invalidOptionValue, "--\(known.name) \(trouble.message)", value.span, suggestion: trouble.suggestion, notes: trouble.notes)
    }
  }

  private mutating func reportUnknownOption(_ option: OptionSyntax, of verb: some OptionOwner) {
    let names = verb.options.map(\.name)
    let near = nearestName(to: option.name.text, in: names)
    report(
      .unknownOption, "\(verb.name) has no option --\(option.name.text)", option.name.span,
      suggestion: near.map { didYouMean("--" + $0) },
      notes: [names.isEmpty ? "\(verb.name) has no options" : "options: " + names.map { "--" + $0 }.joined(separator: ", ")])
  }

  /// An option whose value is missing; a value behind a blank instead of `=` is shown where it belongs, and skipped.
  private mutating func reportMissingValue(_ option: OptionSyntax, _ known: VerbOption) {
    if option.value != nil, token.start == option.span.end, token.kind == .pipe || token.kind == .doublePipe || token.kind == .semicolon {
      report(
        .missingOptionValue, "--\(known.name) needs a value", SourceSpan(start: option.span.start, end: token.end),
        suggestion: "in quotes: --\(known.name)='\(text(of: token))'")
      return advance()
    }
    switch token.kind {
    case .name, .number, .string, .rawString:
      report(
        .missingOptionValue, "--\(known.name) needs its value behind =", option.span,
        suggestion: "write --\(known.name)=\(text(of: token))")
      skipToken()
    default: report(.missingOptionValue, "--\(known.name) needs a value", option.span, suggestion: "usage: \(known.usage)")
    }
  }

  private func trouble(with value: OptionValue, of option: VerbOption) -> (
    message: String, suggestion: Diagnostic.Suggestion?, notes: [String]
  )? {
    if !value.isQuoted, value.text.utf8.first == UInt8(ascii: "$"), option.type != .text, option.type != .list {
      return ("takes a literal, not a parameter", nil, [])
    }
    switch option.type {
    case .flag: return value.bool == nil ? ("is true or false, not \"\(value.text)\"", nil, []) : nil
    case .int(let range):
      guard let number = value.int else { return ("takes a whole number, not \"\(value.text)\"", nil, []) }
      if number > range.upperBound { return ("is at most \(range.upperBound), not \(number)", nil, []) }
      return number < range.lowerBound ? ("is at least \(range.lowerBound), not \(number)", nil, []) : nil
    case .float: return value.float == nil ? ("takes a number, not \"\(value.text)\"", nil, []) : nil
    case .size:
      guard let size = value.sizeBytes else { return ("takes a size, not \"\(value.text)\"", "such as 64K, 16M or 2G", []) }
      if size > Limits.bytes { return ("is at most \(Limits.bytes >> 40)T, not \(value.text)", nil, []) }
      return size < 1 ? ("is at least one byte", nil, []) : nil
    case .choice(let choices):
      if choices.contains(value.text) { return nil }
      let near = nearestName(to: value.text, in: choices)
      return ("has no choice \"\(value.text)\"", near.map(didYouMean), ["one of: \(choices.joined(separator: ", "))"])
    case .text, .list: return nil
    }
  }
}
