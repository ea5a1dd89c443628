// Reads pipelines and stages.
import DshDiagnostics

extension Parser {
  /// A source and stages, or stages alone.
  mutating func parsePipeline() -> PipelineSyntax {
    let start = token.start
    pipelines.append(PipelineSyntax(source: nil, stages: [], span: token.span))
    let depth = pipelines.count - 1
    let startsWithPipe = token.kind == .pipe
    if !startsWithPipe { parsePipelineStart(at: depth) }
    // A stage that stops at a name has reported the missing pipe before it.
    while !hasGivenUp, token.kind == .pipe || token.kind == .doublePipe || (token.kind == .name && !pipelines[depth].stages.isEmpty) {
      if token.kind != .name { consumePipe() }
      parseStage(at: depth)
    }
    pipelines[depth].span = SourceSpan(start: start, end: max(start, previousEnd))
    var pipeline = pipelines.removeLast()
    pipeline.continueStages(isOperand: !pipelines.isEmpty)
    checkOrder(of: pipeline)
    return pipeline
  }

  private mutating func consumePipe() {
    mark(token.span, .pipe)
    if token.kind == .doublePipe {
      report(
        .missingVerb, "no stage stands between the two |", token.span, suggestion: "stages are separated by one |; in expressions use or")
    }
    advance()
    if token.kind == .greater, token.start == previousEnd {
      report(.foreignOperator, "|> is not known", SourceSpan(start: token.start - 1, end: token.end), suggestion: "use |")
      advance()
    }
    skipNewlines()
    if token.kind == .endOfText { leaveOpen(.pipe) }
  }

  /// The first word: a source, a verb, or something unknown.
  private mutating func parsePipelineStart(at depth: Int) {
    if depth > 0 { expect(.statement) }
    guard token.kind == .name else {
      if token.kind.endsStage || token.kind.isClosing {
        report(.missingVerb, "the pipeline is empty", place)
      } else {
        reportUnexpected(suggestion: "a pipeline starts with a dataset or a verb")
        recover(outer: brackets.count, stopsAtComma: false)
      }
      return
    }
    let word = text(of: token)
    if VerbRegistry.verb(named: word) != nil { return parseStage(at: depth, isFirst: true) }
    let next = peek()
    let standsAlone = next.kind.endsStage || next.kind.isClosing || next.kind == .doublePipe
    let isKnown = datasets.contains(word) || adviceOnVerb(word) == nil
    if standsAlone, isKnown, !Keywords.inExpressions.contains(word), !Keywords.ofStatements.contains(word) {
      mark(token.span, .dataset)
      pipelines[depth].source = .dataset(Name(word, span: token.span))
      advance()
      return
    }
    parseUnknownStart(word, at: depth)
  }

  /// A word that is no verb, with operands behind it.
  private mutating func parseUnknownStart(_ word: String, at depth: Int) {
    let line = text(token.start..<lexer.endOfLine(from: token.start))
    if let advice = adviceOnStart(line, token) {
      let span = SourceSpan(start: token.start, end: advice.length.map { token.start + $0 } ?? token.end)
      report(advice.code, advice.message, span, suggestion: advice.suggestion)
      mark(span, .error)
      resume(at: span.end)
      recover(outer: brackets.count, stopsAtComma: false)
    } else {
      parseStage(at: depth, isFirst: true)
    }
  }

  /// One stage; appends it to the pipeline at that depth.
  private mutating func parseStage(at depth: Int, isFirst: Bool = false) {
    if !isFirst { expect(.stage) }
    guard token.kind == .name else {
      if !reportLexicalMistake() {
        let isEmpty = token.kind.endsStage || token.kind.isClosing || token.kind == .doublePipe
        report(
          .missingVerb, isEmpty ? "a verb is missing behind the |" : "a stage starts with a verb, not with \(description(of: token))",
          isEmpty ? SourceSpan(start: max(0, previousEnd - 1), end: previousEnd) : token.span)
      }
      if token.kind != .doublePipe { recover(outer: brackets.count, stopsAtComma: false) }
      return
    }
    let name = Name(text(of: token), span: token.span)
    guard let verb = VerbRegistry.verb(named: name.text) else { return parseUnknownStage(name, at: depth, isFirst: isFirst) }
    mark(name.span, verb.isAvailable ? .verb : .unavailableVerb)
    advance()
    bindings = []
    verbSpan = name.span
    let outer = brackets.count
    var options = parseOptions(of: verb)
    var operands = Operands.none
    if reportEnclosedOperands(of: verb) {
      let span = SourceSpan(start: name.span.start, end: previousEnd)
      return pipelines[depth].stages.append(StageSyntax(verb: name, verb.id, options: options, operands: operands, span: span))
    }
    do throws(Unreadable) {
      operands = try isOperandReplaced(of: verb, by: options) ? .none : parseOperands(of: verb)
      finishStage(of: verb, options: &options, outer: outer)
    } catch {
      recover(outer: outer, stopsAtComma: false)
    }
    bindings = []
    let span = SourceSpan(start: name.span.start, end: max(name.span.end, previousEnd))
    pipelines[depth].stages.append(StageSyntax(verb: name, verb.id, options: options, operands: operands, span: span))
  }

  private mutating func parseUnknownStage(_ name: Name, at depth: Int, isFirst: Bool) {
    reportUnknownVerb(name, isFirst: isFirst)
    mark(name.span, .error)
    advance()
    recover(outer: brackets.count, stopsAtComma: false)
    pipelines[depth].stages.append(StageSyntax(verb: name, nil, operands: .none, span: name.span))
  }

  private mutating func reportUnknownVerb(_ name: Name, isFirst: Bool) {
    if let advice = adviceOnVerb(name.text) {
      report(.unknownVerb, "no verb \"\(name.text)\"", name.span, suggestion: .words(advice))
      return
    }
    if let command = CommandRegistry.command(named: name.text) {
      report(.commandInPipeline, "\(command.name) is a command; it is no stage of a pipeline", name.span)
      return
    }
    let commands = isFirst ? CommandRegistry.all.map(\.name) : []
    let near = nearestName(to: name.text, in: VerbRegistry.all.map(\.name) + commands)
    report(
      .unknownVerb, isFirst ? "no verb or command \"\(name.text)\"" : "no verb \"\(name.text)\"", name.span,
      suggestion: near.map(didYouMean) ?? adviceOnMistypedVerb(name.text),
      notes: near == nil && isFirst ? ["help lists the verbs and commands"] : [])
  }

  /// Says what stands behind the operands though nothing should, and mends what can be mended.
  private mutating func finishStage(of verb: Verb, options: inout [OptionSyntax], outer: Int) {
    while !token.kind.endsStage, !(token.kind.isClosing && outer > 0), token.kind != .doublePipe, !hasGivenUp {
      if token.kind == .dashDash {
        let wasComment = !parseLateOption(of: verb, into: &options)
        if wasComment { return }
        continue
      }
      if token.kind == .name, verb.signature == .none, verb.kind != .transform {
        return reportOperand(of: verb)
      }
      if token.kind == .name, let next = VerbRegistry.verb(named: text(of: token)), previousKind != .comma {
        report(.missingPipe, "a | is missing before \(next.name)", token.span, suggestion: "stages are separated by |")
        return
      }
      reportUnexpectedAfterOperands(of: verb)
      return recover(outer: outer, stopsAtComma: false)
    }
  }

  /// A verb that takes nothing has a word behind it: most likely what it should work on. Skips the rest of the statement.
  private mutating func reportOperand(of verb: Verb) {
    let word = text(of: token)
    report(
      .unexpectedText, "\(verb.name) takes no operand", token.span,
      suggestion: verb.advice.onOperand.map { .words($0(word)) } ?? "it stands behind what it works on: \(word) … | \(verb.name)")
    while !token.kind.endsStatement, brackets.isEmpty || !token.kind.isClosing { skipToken() }
  }

  private mutating func reportUnexpectedAfterOperands(of verb: Verb) {
    if token.kind == .name, let advice = adviceOnClause(text(of: token), verb: verb) {
      report(.unexpectedText, "did not expect \(description(of: token)) here", token.span, suggestion: advice)
    } else if bytes[..<token.start].suffix(200).contains(UInt8(ascii: "/")), previousStageHasDoubleSlash() {
      reportUnexpected(suggestion: "comments start with #")
    } else if verb.signature == .none {
      reportUnexpected(suggestion: "usage: \(verb.usage)")
    } else if previousKind == .string, token.start == previousEnd {
      reportUnexpected(suggestion: "a quote in a text is written with a backslash before it")
    } else if token.kind != .comma, previousKind == .name || previousKind == .quotedName, let advice = verb.advice.onExpression {
      reportUnexpected(suggestion: .words(advice))
    } else if token.kind == .comma, let advice = verb.advice.onComma {
      reportUnexpected(suggestion: .words(advice))
    } else {
      reportUnexpected(suggestion: adviceOnMethod() ?? adviceOnOddName())
    }
  }

  /// Whether `//` stands before the current token on its line, as a comment of another language would.
  private func previousStageHasDoubleSlash() -> Bool {
    var cursor = token.start - 1
    while cursor > 0, bytes[cursor] != UInt8(ascii: "\n") {
      if bytes[cursor] == UInt8(ascii: "/"), bytes[cursor - 1] == UInt8(ascii: "/") { return true }
      cursor -= 1
    }
    return false
  }

  /// Sources stand first; actions stand last; pins may stand anywhere.
  private mutating func checkOrder(of pipeline: PipelineSyntax) {
    for (index, stage) in pipeline.stages.enumerated() {
      guard let verb = stage.definition else { continue }
      if verb.kind == .source, index > 0 || pipeline.source != nil {
        report(
          .misplacedSource, "\(verb.name) starts a pipeline", stage.verb.span,
          suggestion: "to add rows use union ( \(verb.name) … )")
      }
      if stage.kind == .action, index < pipeline.stages.count - 1 {
        report(.actionNotLast, "\(verb.name) ends a pipeline", stage.verb.span, suggestion: adviceOnEarly(verb, stage))
      }
    }
    if !pipelines.isEmpty, let last = pipeline.stages.last, let verb = last.definition, last.kind == .action {
      report(.actionInOperand, "\(verb.name) gives no dataset", last.verb.span, suggestion: adviceOnEarly(verb, last))
    }
  }

  private func adviceOnEarly(_ action: Verb, _ stage: StageSyntax) -> Diagnostic.Suggestion {
    guard case .count(let count?) = stage.operands, let number = count.integerLiteral else {
      return .words(action.advice.whenNotLast)
    }
    return "\(action.advice.whenNotLast) \(number)"
  }
}
