// `schema`: columns and types; never runs data.

import DshColumns
import DshDiagnostics
import DshLanguage
import DshPlan
import DshRender

struct SchemaAction: Action {
  let verb = Verb.ID.schema
  let runsData = false

  func rowsNeeded(by stage: StageSyntax, in source: SourceText, _ session: Session) -> Int? { 0 }

  func perform(_ context: ActionContext) throws {
    let origins = context.plan.columnOrigins
    guard context.option("nested")?.bool ?? false else { return context.emit(.schema(context.plan.schema, origins: origins)) }
    var fields: [Field] = []
    var places: [String] = []
    for (field, origin) in zip(context.plan.schema.fields, origins) {
      let own = field.withMembers
      fields += own
      places += [origin] + own.dropFirst().map { _ in "" }
    }
    context.emit(.schema(Schema(fields), origins: places))
  }
}

extension Field {
  /// The field and all that it consists of: `a`, `a.b`, `a[]`, and `a[].key` of a map.
  fileprivate var withMembers: [Field] {
    let members: [Field]
    switch type {
    case .structure(let fields): members = fields.map { Field("\(name).\($0.name)", $0.type) }
    // An element has a line of its own only if it is more than a value.
    case .list(let element): members = element.isOrdered ? [] : [Field("\(name)[]", element)]
    case .map: members = type.entry.map { [Field("\(name)[]", $0)] } ?? []
    default: members = []
    }
    return [self] + members.flatMap(\.withMembers)
  }
}

extension LogicalPlan {
  /// For each column where it comes from: a file's name, or what computes it.
  var columnOrigins: [String] {
    switch self {
    case .read(let source, let columns):
      return columns.map { index in
        source.pathColumn.map(source.schema[index].name.isExactly) == true ? "path of the file" : source.shortLabel
      }
    case .range: return ["range"]
    case .rows(let schema, _): return schema.fields.map { _ in "rows" }
    case .project(let input, let columns):
      let origins = input.columnOrigins
      return columns.map { column in
        if case .column(let index, _) = column.expression { return origins[index] }
        return "computed"
      }
    case .filter(let input, _), .limit(let input, _, _), .sort(let input, _): return input.columnOrigins
    case .stored(let plan): return plan.columnOrigins
    case .union(let inputs): return inputs.first?.columnOrigins ?? []
    case .aggregate(_, let aggregation):
      return aggregation.keys.map { _ in "key" } + aggregation.aggregates.map { $0.function }
    case .operation(let operation, let inputs):
      let origins = inputs.map(\.columnOrigins)
      return schema.fields.indices.map { column in
        operation.step.source(of: column, over: inputs.map(\.schema)).map { origins[$0.input][$0.column] } ?? "computed"
      }
    }
  }
}

extension FileSource {
  /// The file's name, or how many files there are.
  var shortLabel: String { files.count == 1 ? baseName(files[0].name) : "\(files.count) files" }
}
