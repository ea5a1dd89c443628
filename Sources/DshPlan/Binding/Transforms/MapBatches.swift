// Binds `map_batches`: a command, how it is talked to, and the columns that it answers.

import DshColumns
import DshDiagnostics
import DshLanguage

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
    guard case .text(let command) = stage.operands else {
      _ = refuse(stage)
      return nil
    }
    guard !command.text.allSatisfy(\.isWhitespace), !command.text.utf8.contains(0) else {
      report(
        Diagnostic(.missingOperand, .user, "map_batches needs a command", span: command.span, suggestion: "such as map_batches \"cat\""))
      return nil
    }
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
    return ProgramCall(
      command.text, folder: folder, format: stage.option("format")?.value?.text ?? "jsonl",
      batchRows: stage.option("batch-rows")?.value?.int.map { Int(clamping: $0) } ?? ProgramCall.usualBatchRows, schema: schema,
      isSchemaGiven: option != nil, origin: origin(command.span))
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
