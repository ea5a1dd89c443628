// Reads commands: words up to the end of the statement.
import DshDiagnostics

extension Parser {
  /// `!COMMAND`: the rest of the line belongs to the system's shell.
  mutating func parseSystemShell() -> Statement.Kind {
    let span = token.span
    mark(span, .command)
    let end = lexer.endOfLine(from: token.end)
    let rest = trimmed(token.end..<end)
    if rest.isEmpty {
      report(.missingArgument, "nothing stands behind the !", span, suggestion: "such as !ls")
    } else {
      mark(SourceSpan(start: rest.lowerBound, end: rest.upperBound), .string)
    }
    resume(at: max(rest.upperBound, span.end))
    return .command(CommandSyntax(.systemShell, at: span, arguments: [], rest: text(rest)))
  }

  mutating func parseCommand(_ first: Command) -> Statement.Kind {
    var command = first
    var span = token.span
    var words: [WordSyntax] = []
    var options: [OptionSyntax] = []
    let end = scanWords(from: token.end, of: first, into: &words, options: &options)
    let seconds = CommandRegistry.secondWords(of: first.name)
    let secondWord = words.first
    let second = variant(of: first, words)
    if let secondWord, second.name != first.name {
      command = second
      span = span.union(secondWord.span)
      words.removeFirst()
    }
    takeValues(of: command, from: &words, into: &options)
    // `quit()` is what other shells taught the hands.
    if command.arguments.isEmpty { words.removeAll { $0.text == "()" && !$0.isQuoted } }
    for (index, option) in options.enumerated() { check(option, of: command, given: Array(options[..<index])) }
    mark(span, .command)
    if end == bytes.count, span.end < bytes.count || secondWord?.span.end == bytes.count {
      if !seconds.isEmpty, let secondWord, secondWord.span.end == bytes.count {
        expect(.keyword(seconds), from: secondWord.span.start)
      } else if !seconds.isEmpty, secondWord == nil {
        expect(.keyword(seconds), from: bytes.count)
      } else {
        expectArgument(of: command, words: words)
      }
    }
    check(words, against: command, at: span, seconds: seconds)
    for word in words { mark(word.span, word.isQuoted ? .string : .optionValue) }
    let rest = trimmed(span.end..<end)
    if token.end < end || !rest.isEmpty { resume(at: max(rest.upperBound, span.end)) } else { advance() }
    if token.kind == .pipe || token.kind == .doublePipe {
      report(.commandInPipeline, "\(command.name) is a command; its output can't be piped", token.span)
      while !token.kind.endsStatement { skipToken() }
    }
    return .command(CommandSyntax(command.id, at: span, arguments: words, options: options, rest: text(rest)))
  }

  private mutating func check(_ words: [WordSyntax], against command: Command, at span: SourceSpan, seconds: [String]) {
    if let word = words.enumerated().first(where: { command.argument(at: $0.offset) == nil })?.element {
      if !seconds.isEmpty, words.count == 1 || command.arguments.isEmpty {
        let near = nearestName(to: word.text, in: seconds)
        report(
          .unknownCommand, "no command \"\(command.name) \(word.text)\"", word.span,
          suggestion: near.map { didYouMean(command.name + " " + $0) },
          notes: ["\(command.name) may be followed by: \(seconds.joined(separator: ", "))"])
      } else {
        report(.unexpectedText, "\(command.name) takes no \"\(word.text)\"", word.span, suggestion: "usage: \(command.usage)")
      }
    }
    if words.count < command.arguments.count(where: { !$0.isOptional }) {
      report(.missingArgument, "\(command.name) needs more", span, suggestion: "usage: \(command.usage)")
    }
    if command.argument(at: 0)?.kind == .settingName, let word = words.first, words.count == 1, let equals = word.text.firstIndex(of: "="),
      !word.isQuoted
    {
      let (setting, value) = (word.text[..<equals], word.text[word.text.index(after: equals)...])
      report(.invalidArgument, "a setting and its value are two words", word.span, suggestion: "write set \(setting) \(value)")
    }
    for (index, word) in words.enumerated() {
      switch command.argument(at: index)?.kind {
      case .choice(let choices) where !choices.contains(word.text):
        let near = nearestName(to: word.text, in: choices)
        report(
          .invalidArgument, "\(command.name) does not know \"\(word.text)\"", word.span,
          suggestion: near.map(didYouMean),
          notes: ["one of: \(choices.joined(separator: ", "))"])
      case .count where Int64(word.text).map({ $0 < 1 }) ?? true:
        report(.invalidArgument, "a count is a whole number from 1, not \"\(word.text)\"", word.span)
      default: break
      }
    }
  }

  /// Cuts a command's rest into words and options; gives the offset where it ends.
  private mutating func scanWords(
    from start: Int, of command: Command, into words: inout [WordSyntax], options: inout [OptionSyntax]
  ) -> Int {
    var cursor = start
    while cursor < bytes.count {
      let byte = bytes[cursor]
      if byte.isBlank {
        cursor += 1
      } else if let end = lexer.continuedLineEnd(at: cursor) {
        cursor = end
      } else if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: ";") || byte == UInt8(ascii: "#") || byte == UInt8(ascii: "|") {
        break
      } else if bytes[cursor...].starts(with: [UInt8(ascii: "-"), UInt8(ascii: "-")]),
        let option = scanOption(at: cursor, of: variant(of: command, words), given: options)
      {
        options.append(option)
        cursor = option.span.end
      } else if byte == UInt8(ascii: "-"), let flags = scanFlags(at: cursor, of: variant(of: command, words)) {
        options += flags
        cursor = flags.last?.span.end ?? cursor + 1
      } else {
        cursor = scanWord(at: cursor, into: &words)
      }
    }
    return cursor
  }

  /// Flags as letters behind one dash, `-l` or `-la`; nil if the command has none, or no letters stand there.
  private mutating func scanFlags(at start: Int, of command: Command) -> [OptionSyntax]? {
    guard command.options.contains(where: { $0.letter != nil }) else { return nil }
    var flags: [OptionSyntax] = []
    var end = start + 1
    while end < bytes.count, bytes[end].isLetter {
      let span = SourceSpan(start: flags.isEmpty ? start : end, end: end + 1)
      let letter = Character(Unicode.Scalar(bytes[end]))
      end += 1
      guard let option = command.options.first(where: { $0.letter == letter }) else {
        report(
          .unknownOption, "\(command.name) has no option -\(letter)", span,
          notes: ["options: " + command.options.map(\.usage).joined(separator: ", ")])
        continue
      }
      // Once is as good as twice.
      if !flags.contains(where: { $0.name.text == option.name }) {
        flags.append(OptionSyntax(name: Name(option.name, span: span), value: nil, span: span))
      }
    }
    guard end > start + 1 else { return nil }
    mark(SourceSpan(start: start, end: end), .option)
    return flags
  }

  /// Among words the value of an option may stand behind a blank as well: `help --search word`.
  private func takeValues(of command: Command, from words: inout [WordSyntax], into options: inout [OptionSyntax]) {
    for index in options.indices where options[index].value == nil {
      guard let known = command.option(options[index].name.text), known.type != .flag,
        let next = words.firstIndex(where: { $0.span.start > options[index].span.end })
      else { continue }
      let word = words.remove(at: next)
      options[index].value = OptionValue(list: [word.text], isQuoted: word.isQuoted, span: word.span)
      options[index].span = options[index].span.union(word.span)
    }
  }

  /// The command that a second word makes of a first: `nodes add` of `nodes`.
  private func variant(of command: Command, _ words: [WordSyntax]) -> Command {
    words.first.flatMap { CommandRegistry.command(named: command.name + " " + $0.text) } ?? command
  }

  private mutating func scanWord(at start: Int, into words: inout [WordSyntax]) -> Int {
    if bytes[start] == UInt8(ascii: "'") || bytes[start] == UInt8(ascii: "\"") {
      guard let end = lexer.endOfString(from: start) else {
        let end = lexer.endOfLine(from: start)
        leaveOpen(.quote(Character(Unicode.Scalar(bytes[start]))))
        let span = SourceSpan(start: start, end: end)
        report(.unterminatedString, "the quote is not closed", span)
        words.append(WordSyntax(text((start + 1)..<end), isQuoted: true, span: span))
        return end
      }
      words.append(WordSyntax(stringText(start..<end), isQuoted: true, span: SourceSpan(start: start, end: end)))
      return end
    }
    var end = start
    while end < bytes.count, !bytes[end].isBlank, bytes[end] != UInt8(ascii: "\n"), bytes[end] != UInt8(ascii: ";"),
      bytes[end] != UInt8(ascii: "|"),
      lexer.continuedLineEnd(at: end) == nil
    {
      end += 1
    }
    words.append(WordSyntax(text(start..<end), span: SourceSpan(start: start, end: end)))
    return end
  }

  /// The range without the blanks at both ends.
  private func trimmed(_ range: Range<Int>) -> Range<Int> {
    var start = range.lowerBound
    var end = range.upperBound
    while start < end, bytes[start].isBlank || bytes[start] == UInt8(ascii: "\n") { start += 1 }
    while end > start, bytes[end - 1].isBlank || bytes[end - 1] == UInt8(ascii: "\n") { end -= 1 }
    return start..<end
  }

  /// Notes which argument stands at the end of the text.
  private mutating func expectArgument(of command: Command, words: [WordSyntax]) {
    let last = words.last.flatMap { $0.span.end == bytes.count ? $0 : nil }
    let index = words.count - (last == nil ? 0 : 1)
    let start = last?.span.start ?? bytes.count
    guard let argument = command.argument(at: index) else { return }
    switch argument.kind {
    case .settingValue: expect(.settingValue(name: words.first?.text ?? ""), from: start)
    case .dataset: expect(.dataset, from: start)
    case .choice(let choices): expect(.keyword(choices), from: start)
    case let kind: expect(.argument(kind), from: start)
    }
  }
}
