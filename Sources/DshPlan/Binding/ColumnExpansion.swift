// Expressions over columns by a pattern: one for each of them.

import DshColumns
import DshDiagnostics
import DshLanguage

extension Binder {
  /// Items in which no pattern is left: each that has one stands for an item for each column, called as if it were written out.
  ///
  /// - Parameter without: columns that no pattern means.
  mutating func expand(_ items: [BindingSyntax], over schema: Schema, without excluded: [String] = []) -> [BindingSyntax] {
    items.flatMap { item -> [BindingSyntax] in
      guard let columns = matchedColumns(item, over: schema, without: excluded) else { return [item] }
      return columns.map { BindingSyntax(name: nil, value: item.value.replacingColumns(by: $0)) }
    }
  }

  /// The names of the columns that the pattern in an item means, in the order of the columns; nil if it has none.
  mutating func matchedColumns(_ item: BindingSyntax, over schema: Schema, without excluded: [String] = []) -> [String]? {
    let patterns = item.value.patterns
    guard let first = patterns.first else { return nil }
    // The same pattern may stand in several places, and means the same column in all of them.
    if let other = patterns.first(where: { $0.printed != first.printed }) {
      report(
        Diagnostic(
          .unexpectedText, .user, "an item has one pattern of columns at most", span: other.pattern.span,
          suggestion: "write an item for each"))
      return []
    }
    if let name = item.name {
      report(
        Diagnostic(
          .duplicateColumn, "\"\(name.text)\" can't be the name of several columns", span: name.span,
          suggestion: "leave the name out: each result is called after its column"))
      return []
    }
    return columns(first, over: schema, without: excluded)
  }

  private mutating func columns(_ columns: ColumnsSyntax, over schema: Schema, without excluded: [String]) -> [String] {
    let before = diagnostics.count
    let matched = columnIndexes(columns.pattern, in: schema)
    let dropped = Set(columns.exceptions.flatMap { columnIndexes($0, in: schema) })
    guard diagnostics.count == before, let isWanted = typeTest(columns.type) else { return [] }
    let found = matched.filter { index in
      !dropped.contains(index) && isWanted(schema[index].type) && !excluded.contains { $0.isExactly(schema[index].name) }
    }
    if found.isEmpty, brokenColumns.isEmpty {
      report(
        Diagnostic(
          .unknownColumn, "no column fits \(columns.printed)", span: columns.pattern.span,
          notes: [listing(of: schema.fields.map { "\($0.name): \($0.type.name)" }, as: "columns")]))
    }
    return found.map { schema[$0].name }
  }

  /// Whether a type is meant by a name, of a type or of a kind of types; nil after reporting that it is neither.
  private mutating func typeTest(_ name: Name?) -> ((DataType) -> Bool)? {
    guard let name else { return { _ in true } }
    if let kind = ColumnsSyntax.TypeKind(rawValue: name.text) { return kind.contains }
    if let type = DataType(name: name.text) { return { $0 == type } }
    let known = ColumnsSyntax.TypeKind.allCases.map(\.rawValue) + DataType.askableNames
    report(
      Diagnostic(
        .unknownType, "no type \"\(name.text)\"", span: name.span, suggestion: nearestName(to: name.text, in: known).map(didYouMean),
        notes: [listing(of: known, as: "types")]))
    return nil
  }
}

extension ColumnsSyntax.TypeKind {
  /// Whether a type is of the kind.
  fileprivate func contains(_ type: DataType) -> Bool {
    switch (self, type) {
    case (.number, _): type.isNumeric
    case (.text, .string), (.time, .date), (.time, .timestamp), (.list, .list), (.structure, .structure): true
    default: false
    }
  }
}

extension ExpressionSyntax {
  /// The column that it is, if it is nothing else.
  var columnName: String? { if case .column(let name) = kind { name } else { nil } }

  /// The patterns of columns in it.
  fileprivate var patterns: [ColumnsSyntax] {
    if case .columns(let columns) = kind { return [columns] }
    return parts.flatMap(\.patterns)
  }

  /// The expression with a column in the place of its pattern.
  func replacingColumns(by name: String) -> ExpressionSyntax {
    func replaced(_ part: ExpressionSyntax) -> ExpressionSyntax { part.replacingColumns(by: name) }
    let changed: Kind =
      switch kind {
      case .columns: .column(name)
      case .literal, .column, .parameter, .error: kind
      case .unary(let op, let operand): .unary(op, replaced(operand))
      case .binary(let op, let left, let right): .binary(op, replaced(left), replaced(right))
      case .call(let function, let arguments): .call(function, arguments.map(replaced))
      case .restricted(let call, let condition): .restricted(replaced(call), where: replaced(condition))
      case .cast(let operand, let type): .cast(replaced(operand), type: type)
      case .member(let operand, let field): .member(replaced(operand), field)
      case .index(let operand, let index): .index(replaced(operand), replaced(index))
      case .inList(let operand, let members, let isNegated): .inList(replaced(operand), members.map(replaced), isNegated: isNegated)
      case .between(let operand, let low, let high, let isNegated):
        .between(replaced(operand), low: replaced(low), high: replaced(high), isNegated: isNegated)
      case .list(let members): .list(members.map(replaced))
      case .window(let call, let window): .window(replaced(call), window.mapping(replaced))
      case .structure(let fields): .structure(fields.map { FieldSyntax($0.name, replaced($0.value)) })
      case .lambda(let parameters, let body): .lambda(parameters, replaced(body))
      }
    return ExpressionSyntax(changed, span: span)
  }
}
