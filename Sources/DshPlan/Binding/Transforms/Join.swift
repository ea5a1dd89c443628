// Binds `join`: keys of both sides get one type, and columns of one name two names.

import DshColumns
import DshDiagnostics
import DshLanguage

/// `join RIGHT on KEY == KEY, …`.
struct JoinBinding: TransformBinding {
  let verb = Verb.ID.join

  func bind(_ stage: StageSyntax, over input: LogicalPlan, others: [LogicalPlan], with binder: inout Binder) -> LogicalPlan? {
    guard case .join(_, let keys) = stage.operands, let right = others.first, !keys.isEmpty else { return binder.refuse(stage) }
    let option = stage.option("how")?.value
    guard let how = option.map({ JoinHow(rawValue: $0.text) }) ?? .usual else { return binder.refuse(stage) }
    let before = binder.diagnostics.count
    let comparison = how == .asof ? binder.bindAsOfComparison(keys[keys.count - 1]) : nil
    let bound = keys.enumerated().compactMap { place, key in
      binder.bindJoinKey(
        key, left: input.schema, right: right.schema, isOrdered: how == .asof && place == keys.count - 1)
    }
    for (index, key) in keys.enumerated() where keys[..<index].contains(where: { $0.isLike(key) }) {
      binder.report(
        Diagnostic(.duplicateName, .user, "rows are joined by \(key.printed) already", span: key.span, suggestion: "leave it out"))
    }
    guard bound.count == keys.count, binder.diagnostics.count == before else { return input }
    let sides = JoinSides(left: input, right: right, keys: bound)
    let names = binder.namesOfRight(
      sides, keepsKeys: stage.option("keep")?.bool ?? false, suffix: stage.option("suffix")?.value?.text ?? "_right", how, stage.span)
    guard binder.diagnostics.count == before else { return input }
    if let comparison { return sides.joined(by: comparison, rightColumns: names) }
    return sides.joined(how, rightColumns: names)
  }
}

/// A pair of keys, of one type.
struct JoinKey {
  var left: Expression
  var right: Expression
  /// The key of the right as it was written.
  var writtenRight: Expression
  /// The column that the key of the left was written as, and that of the right.
  var leftColumn: Int?
  var rightColumn: Int?
}

/// Both inputs with their keys as columns.
struct JoinSides {
  let left: LogicalPlan
  let right: LogicalPlan
  let keys: [JoinKey]
  /// The inputs, with keys that are no columns of theirs behind them, and where the keys are.
  private let keyedLeft: (plan: LogicalPlan, keys: [Int])
  private let keyedRight: (plan: LogicalPlan, keys: [Int])

  init(left: LogicalPlan, right: LogicalPlan, keys: [JoinKey]) {
    self.left = left
    self.right = right
    self.keys = keys
    keyedLeft = Self.keyed(left, keys.map(\.left))
    keyedRight = Self.keyed(right, keys.map(\.right))
  }

  private static func keyed(_ input: LogicalPlan, _ keys: [Expression]) -> (plan: LogicalPlan, keys: [Int]) {
    var columns = input.schema.fields.enumerated().map { NamedExpression($1.name, .column($0, $1.type)) }
    let places = keys.map { key in
      if case .column(let index, _) = key { return index }
      columns.append(NamedExpression("join key \(columns.count)", key))
      return columns.count - 1
    }
    return (columns.count == input.schema.count ? input : .project(input, columns), places)
  }

  /// The plan of the join; `rightColumns` are those of the right that are shown.
  func joined(_ how: JoinHow, rightColumns: [Join.RightColumn]) -> LogicalPlan {
    switch how {
    case .inner: shown(.inner, rightColumns)
    case .left: shown(.left, rightColumns)
    case .semi: shown(.semi, [])
    case .anti: shown(.anti, [])
    case .asof: preconditionFailure("an asof join has a comparison")
    case .right: .union([withWholeKeys(.inner, rightColumns), lonelyRight(rightColumns)])
    case .full: .union([withWholeKeys(.left, rightColumns), lonelyRight(rightColumns)])
    }
  }

  /// A join without the keys that were computed for it.
  private func shown(_ kind: JoinKind, _ rightColumns: [Join.RightColumn]) -> LogicalPlan {
    shown(Operation(Join(kind, leftKeys: keyedLeft.keys, rightKeys: keyedRight.keys, rightColumns: rightColumns)))
  }

  /// The plan of an asof join, by the last of the keys.
  func joined(by comparison: AsOfComparison, rightColumns: [Join.RightColumn]) -> LogicalPlan {
    shown(Operation(AsOfJoin(comparison, leftKeys: keyedLeft.keys, rightKeys: keyedRight.keys, rightColumns: rightColumns)))
  }

  private func shown(_ operation: Operation) -> LogicalPlan {
    let join = LogicalPlan.operation(operation, [keyedLeft.plan, keyedRight.plan])
    if keyedLeft.plan.schema.count == left.schema.count { return join }
    let fields = join.schema.fields
    let wanted = Array(left.schema.fields.indices) + fields.indices.dropFirst(keyedLeft.plan.schema.count)
    return .project(join, wanted.map { NamedExpression(fields[$0].name, .column($0, fields[$0].type)) })
  }

  /// The type of each column of the left in a result that has rows of the right alone: a key has room for those of both sides.
  private var wholeTypes: [DataType] {
    left.schema.fields.enumerated().map { index, field in
      keys.first { $0.leftColumn == index }.flatMap { field.type.unified(with: $0.writtenRight.type) } ?? field.type
    }
  }

  private func withWholeKeys(_ kind: JoinKind, _ rightColumns: [Join.RightColumn]) -> LogicalPlan {
    let join = shown(kind, rightColumns)
    let types = wholeTypes + join.schema.fields.dropFirst(left.schema.count).map(\.type)
    if types == join.schema.types { return join }
    return .project(
      join,
      join.schema.fields.enumerated().map { index, field in
        NamedExpression(field.name, Self.cast(.column(index, field.type), to: types[index]))
      })
  }

  /// The rows of the right without a partner: nulls for the left, but for its keys.
  private func lonelyRight(_ rightColumns: [Join.RightColumn]) -> LogicalPlan {
    let alone = LogicalPlan.operation(
      Operation(Join(.anti, leftKeys: keyedRight.keys, rightKeys: keyedLeft.keys, rightColumns: [])), [keyedRight.plan, keyedLeft.plan])
    let types = wholeTypes
    let columns = left.schema.fields.enumerated().map { index, field in
      let key = keys.first { $0.leftColumn == index }?.writtenRight
      return NamedExpression(field.name, key.map { Self.cast($0, to: types[index]) } ?? .literal(.null, types[index]))
    }
    return .project(
      alone, columns + rightColumns.map { NamedExpression($0.name, .column($0.index, right.schema[$0.index].type)) })
  }

  private static func cast(_ expression: Expression, to type: DataType) -> Expression {
    expression.type == type ? expression : .cast(expression, to: type, isTry: false)
  }
}

extension Binder {
  /// The order of the last key of an asof join.
  fileprivate mutating func bindAsOfComparison(_ key: JoinKeySyntax) -> AsOfComparison? {
    switch key.comparison {
    case .greaterOrEqual: return .greaterOrEqual
    case .greater: return .greater
    case .lessOrEqual: return .lessOrEqual
    case .less: return .less
    default:
      let right = (key.right ?? key.left).printed
      report(
        Diagnostic(
          .missingOperand, .user, "asof compares its last key, and this one is equal", span: key.span,
          suggestion: "\(key.left.printed) >= \(right) takes the nearest earlier row, <= the nearest later one"))
      return nil
    }
  }

  /// - Parameter isOrdered: whether it is the key that an asof join compares.
  fileprivate mutating func bindJoinKey(_ key: JoinKeySyntax, left: Schema, right: Schema, isOrdered: Bool) -> JoinKey? {
    if key.comparison != .equal, !isOrdered {
      report(
        Diagnostic(
          .unexpectedText, "rows are joined by equal keys, not by \(key.comparison.rawValue)", span: key.span,
          suggestion: "join by what is equal, and filter behind it; --how=asof compares the last key"))
      return nil
    }
    let boundLeft = bindOperand(key.left, over: left)
    // What neither side has is told once.
    if boundLeft == nil, key.right == nil { return nil }
    let before = diagnostics.count
    let boundRight = bindOperand(key.right ?? key.left, over: right)
    for index in before..<diagnostics.count {
      diagnostics[index].notes.append("on the right side of the join")
      // What is no column of the right may be one under another name.
      if key.right == nil, diagnostics[index].suggestion == nil {
        diagnostics[index].suggestion = "if it is called otherwise there: on \(key.left.printed) == NAME"
      }
    }
    guard let boundLeft, let boundRight else { return nil }
    guard let (castLeft, castRight) = unifiedKeys(boundLeft, boundRight, isOrdered: isOrdered) else {
      report(
        Diagnostic(
          .wrongType, "keys of different types: \(boundLeft.type.name) on the left, \(boundRight.type.name) on the right", span: key.span,
          suggestion: "cast one of them: \(key.left.printed)::\(boundRight.type.name)"))
      return nil
    }
    switch castLeft.type {
    case .list, .structure, .map, .null:
      report(Diagnostic(.wrongType, "can't join by \(castLeft.type.name)", span: key.span))
      return nil
    default:
      return JoinKey(
        left: castLeft, right: castRight, writtenRight: boundRight, leftColumn: boundLeft.columnIndex, rightColumn: boundRight.columnIndex)
    }
  }

  /// Both keys as values of one type that are equal where the keys are, and ordered as they are; nil if there is none.
  private func unifiedKeys(_ left: Expression, _ right: Expression, isOrdered: Bool) -> (Expression, Expression)? {
    switch (left.type, right.type) {
    case let (a, b) where a == b: return (left, right)
    // As integers, so that no large one is rounded; a float that is none meets nothing.
    case (.int64, .float64) where !isOrdered: return (left, right.asWholeNumber)
    case (.float64, .int64) where !isOrdered: return (left.asWholeNumber, right)
    case (.date, .timestamp): return (.cast(left, to: .timestamp, isTry: false), right)
    case (.timestamp, .date): return (left, .cast(right, to: .timestamp, isTry: false))
    case let (a, b) where a != a.computed || b != b.computed:
      return unifiedKeys(left.computed(ExpressionOrigin()), right.computed(ExpressionOrigin()), isOrdered: isOrdered)
    case (.float64, _), (_, .float64), (.string, _), (_, .string), (.null, _), (_, .null): return nil
    case let (a, b):
      // What the other type can't hold is equal to nothing in it.
      return a.unified(with: b).map { (.cast(left, to: $0, isTry: true), .cast(right, to: $0, isTry: true)) }
    }
  }

  /// The columns of the right that stand in the result, with names that the left leaves free.
  fileprivate mutating func namesOfRight(
    _ sides: JoinSides, keepsKeys: Bool, suffix: String, _ how: JoinHow, _ span: SourceSpan
  ) -> [Join.RightColumn] {
    guard how.showsRight else { return [] }
    // A key that the left shows as a column of its own stands there.
    let hidden = keepsKeys ? [] : Set(sides.keys.filter { $0.leftColumn != nil }.compactMap(\.rightColumn))
    var names = TakenNames(sides.left.schema.names)
    return sides.right.schema.fields.enumerated().filter { !hidden.contains($0.offset) }.map { index, field in
      Join.RightColumn(index, name: name(field.name, suffix: suffix, among: &names, span: span))
    }
  }
}

extension Expression {
  fileprivate var columnIndex: Int? { if case .column(let index, _) = self { index } else { nil } }

  /// A float as an integer if it is one, else null.
  fileprivate var asWholeNumber: Expression {
    let whole = Expression.cast(self, to: .int64, isTry: true)
    return .call("if", [.call("==", [whole, self], .bool), whole, .literal(.null, .int64)], .int64)
  }
}

extension JoinKeySyntax {
  /// Whether it asks for the same as another.
  fileprivate func isLike(_ other: JoinKeySyntax) -> Bool {
    (left.printed, (right ?? left).printed, comparison) == (other.left.printed, (other.right ?? other.left).printed, other.comparison)
  }
}
