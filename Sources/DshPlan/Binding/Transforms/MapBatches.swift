// Binds `map_batches`: a command, how it is talked to, and the columns that it answers.

import DshColumns
import DshDiagnostics
import DshLanguage
import DshSystem

/// `map_batches "COMMAND"`.
struct MapBatchesBinding: TransformBinding {
  let verb = Verb.ID.mapBatches

  func bind(_ stage: StageSyntax, over input: LogicalPlan, others: [LogicalPlan], with binder: inout Binder) -> LogicalPlan? {
    guard let call = binder.bindProgram(stage) else { return nil }
    return .operation(Operation(MapBatches(call)), [input])
  }
}

extension Binder {
  /// The call of a stage; nil where its columns are not known, or where there is a mistake.
  public mutating func bindProgram(_ stage: StageSyntax) -> ProgramCall? {
    guard let (command, python) = bindCommand(stage) else { return nil }
    var schema = answerSchema
    let option = stage.option("schema")
    if let option {
      guard let given = bindSchema(option) else { return nil }
      schema = given
    }
    guard let schema else {
      report(
        Diagnostic(
          .noSchema, "it is not known which columns the program answers", span: command.span,
          suggestion: "name them: --schema=\"a:int64, b:string\""))
      return nil
    }
    let usualRows = python == nil ? ProgramCall.usualBatchRows : PythonFunction.usualBatchRows
    var call = ProgramCall(
      command.text, folder: folder, format: python == nil ? stage.option("format")?.value?.text ?? "jsonl" : "arrow",
      batchRows: stage.option("batch-rows")?.value?.int.map { Int(clamping: $0) } ?? usualRows, schema: schema,
      isSchemaGiven: option != nil, origin: origin(command.span))
    call.python = python
    return call
  }

  /// What is run: a command, or a function of Python with the text that names it.
  private mutating func bindCommand(_ stage: StageSyntax) -> (WordSyntax, PythonFunction?)? {
    if let option = stage.option("python") { return bindFunction(stage, option) }
    if let frames = stage.option("frames") {
      report(Diagnostic(.invalidOptionValue, .user, "--frames means nothing without --python", span: frames.span))
      return nil
    }
    guard case .text(let command) = stage.operands else {
      _ = refuse(stage)
      return nil
    }
    guard !command.text.allSatisfy(\.isWhitespace), !command.text.utf8.contains(0) else {
      report(
        Diagnostic(.missingOperand, .user, "map_batches needs a command", span: command.span, suggestion: "such as map_batches \"cat\""))
      return nil
    }
    return (command, nil)
  }

  /// `FILE.py:FUNCTION`.
  private mutating func bindFunction(_ stage: StageSyntax, _ option: OptionSyntax) -> (WordSyntax, PythonFunction?)? {
    if case .text(let command) = stage.operands {
      report(Diagnostic(.invalidOptionValue, .user, "--python stands instead of a command", span: command.span))
      return nil
    }
    if let format = stage.option("format") {
      report(
        Diagnostic(
          .invalidOptionValue, .user, "--format is for commands: a function gets data frames", span: format.span,
          suggestion: "--frames=pandas, polars or arrow"))
      return nil
    }
    let text = option.value?.text ?? ""
    guard let colon = text.lastIndex(of: ":"), colon > text.startIndex, text.index(after: colon) < text.endIndex, !text.utf8.contains(0)
    else {
      report(
        Diagnostic(
          .invalidOptionValue, .user, "--python takes a file and a function", span: option.span,
          suggestion: "such as --python=clean.py:clean"))
      return nil
    }
    let path = text[..<colon].hasPrefix("/") ? String(text[..<colon]) : joinPath(folder, String(text[..<colon]))
    guard let status = try? FileStatus(path: path), status.kind == .file else {
      report(Diagnostic(.fileNotFound, "no file \"\(text[..<colon])\"", span: option.span))
      return nil
    }
    let frames = stage.option("frames").flatMap { $0.value?.text }.flatMap { PythonFunction.Frames(rawValue: $0) } ?? .pandas
    let function = PythonFunction(
      path: path, name: String(text[text.index(after: colon)...]), frames: frames, identity: FileIdentity(status))
    return (WordSyntax(text, isQuoted: true, span: option.span), function)
  }

  /// `NAME:TYPE, …`.
  private mutating func bindSchema(_ option: OptionSyntax) -> Schema? {
    let before = diagnostics.count
    // In quotes the commas are part of the text.
    let items = (option.value?.list ?? []).flatMap { $0.split(separator: ",") }.map { $0.trimmed }.filter { !$0.isEmpty }
    var fields: [Field] = []
    for item in items {
      guard let colon = item.lastIndex(of: ":"), colon > item.startIndex else {
        report(Diagnostic(.invalidOptionValue, .user, "--schema takes name:type pairs, and this is none: \(item)", span: option.span))
        continue
      }
      let (name, typeName) = (item[..<colon].trimmed, item[item.index(after: colon)...].trimmed)
      guard let type = DataType(name: typeName) else {
        report(
          Diagnostic(
            .unknownType, "no type \"\(typeName)\"", span: option.span,
            suggestion: nearestName(to: typeName, in: DataType.askableNames).map(didYouMean),
            notes: ["types: \(DataType.askableNames.joined(separator: ", "))"]))
        continue
      }
      fields.append(Field(name, type))
    }
    checkUnique(fields.map(\.name), spans: fields.map { _ in option.span })
    if fields.isEmpty, diagnostics.count == before {
      report(
        Diagnostic(
          .invalidOptionValue, .user, "--schema names no columns", span: option.span, suggestion: "such as --schema=\"a:int64, b:string\""))
    }
    return diagnostics.count == before ? Schema(fields) : nil
  }
}

extension StringProtocol {
  /// Without white space around it.
  fileprivate var trimmed: String {
    String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}
