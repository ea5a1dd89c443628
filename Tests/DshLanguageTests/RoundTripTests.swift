// Printing and parsing are inverse: random trees survive the way through text.
import DshDiagnostics
import Testing

@testable import DshLanguage

/// Makes random well-formed syntax.
private struct SyntaxMaker {
  var random: SeededGenerator
  let nowhere = SourceSpan(start: 0, end: 0)

  mutating func pick<Element>(_ items: [Element]) -> Element { items[Int.random(in: items.indices, using: &random)] }

  mutating func name() -> Name {
    Name(
      pick(
        ["a", "b", "price_net", "odd name", "größe", "in", "take", "by_", "x`y", "2fa", "desc", "", "a\nb", "é", "r", "null"].filter {
          !$0.isEmpty
        }), span: nowhere)
  }

  mutating func literal() -> Literal {
    switch Int.random(in: 0..<7, using: &random) {
    case 0: .null
    case 1: .bool(Bool.random(using: &random))
    case 2: .int64(Int64.random(in: -100...100, using: &random))
    case 3: .int64(pick([.min, .max, 0]))
    case 4: .float64(pick([0.5, -0.0, 1e300, -2.5e-10, .infinity, 100, 1e16]))
    case 5: .string(pick(["", "it's", "\"", "\\d+\n\t\r\0", "é日本", "a | b # c; d", "\u{7f}\u{1}", "`", "${x}", "\u{2028}"]))
    default: .string("x")
    }
  }

  mutating func expression(_ depth: Int) -> ExpressionSyntax {
    func make(_ kind: ExpressionSyntax.Kind) -> ExpressionSyntax { ExpressionSyntax(kind, span: nowhere) }
    let choice = depth == 0 ? Int.random(in: 0..<3, using: &random) : Int.random(in: 0..<14, using: &random)
    switch choice {
    case 0: return make(.literal(literal()))
    case 1: return make(.column(name().text))
    case 2: return make(.parameter("n"))
    case 3: return make(.unary(.not, expression(depth - 1)))
    case 4:
      let operand = expression(depth - 1)
      // A minus sign before a number that is not negative is the number's own.
      if case .literal(.int64(let value)) = operand.kind, value >= 0 { return operand }
      if case .literal(.float64(let value)) = operand.kind, value.sign == .plus { return operand }
      return make(.unary(.negate, operand))
    case 5, 6, 7, 8: return make(.binary(pick(BinaryOperator.allCases), expression(depth - 1), expression(depth - 1)))
    case 9:
      var arguments = expressions(depth, from: 0)
      if Bool.random(using: &random) { arguments.append(make(.lambda(several { $0.name() }, expression(depth - 1)))) }
      return make(.call(Name(pick(["if", "count", "f", "sum"]), span: nowhere), arguments))
    case 10:
      return make(
        .cast(
          expression(depth - 1),
          type: Name(pick(["int64", "list<string>", "decimal(10,2)", "struct<a:int64,b:list<bool>>"]), span: nowhere)))
    case 11:
      return Bool.random(using: &random)
        ? make(.member(expression(depth - 1), name())) : make(.index(expression(depth - 1), expression(depth - 1)))
    case 12: return make(.inList(expression(depth - 1), expressions(depth, from: 0), isNegated: Bool.random(using: &random)))
    default:
      if depth > 1, Int.random(in: 0..<3, using: &random) == 0 {
        return make(.structure(several { FieldSyntax($0.name(), $0.expression(depth - 1)) }))
      }
      if Bool.random(using: &random) { return make(.list(expressions(depth, from: 0))) }
      return make(
        .between(expression(depth - 1), low: expression(depth - 1), high: expression(depth - 1), isNegated: Bool.random(using: &random)))
    }
  }

  mutating func expressions(_ depth: Int, from least: Int) -> [ExpressionSyntax] {
    (0..<Int.random(in: least...3, using: &random)).map { _ in expression(max(0, depth - 1)) }
  }

  mutating func binding(isNamed: Bool = true) -> BindingSyntax {
    BindingSyntax(name: isNamed ? name() : nil, value: expression(2))
  }

  mutating func pattern() -> ColumnPattern {
    Bool.random(using: &random)
      ? ColumnPattern(pick(["price_*", "*_id", "a*b"]), isWildcard: true, span: nowhere)
      : ColumnPattern(name().text, isWildcard: false, span: nowhere)
  }

  mutating func several<Element>(_ make: (inout SyntaxMaker) -> Element) -> [Element] {
    (0..<Int.random(in: 1...3, using: &random)).map { _ in make(&self) }
  }

  mutating func number(_ value: Int64) -> ExpressionSyntax { ExpressionSyntax(.literal(.int64(value)), span: nowhere) }

  mutating func stage(_ depth: Int) -> StageSyntax {
    let verbs: [Verb.ID] = [
      .filter, .map, .select, .drop, .rename, .limit, .agg, .sort, .union, .top, .join, .distinct, .withRowNumber, .fill, .pivot, .sample,
      .repartition, .shuffle,
    ]
    let verb = pick(verbs)
    let operands: Operands
    switch verb {
    case .filter: operands = .expression(expression(4))
    case .map: operands = .bindings(several { $0.binding() })
    case .select:
      operands = .selection(
        several { maker in
          switch Int.random(in: 0..<4, using: &maker.random) {
          case 0: .binding(maker.binding())
          case 1: .binding(BindingSyntax(name: nil, value: ExpressionSyntax(.column(maker.name().text), span: maker.nowhere)))
          case 2: .pattern(ColumnPattern("price_*", isWildcard: true, span: maker.nowhere))
          default: .all(except: maker.pick([[], maker.several { $0.pattern() }]), span: maker.nowhere)
          }
        })
    case .drop, .distinct: operands = .columns(several { $0.pattern() })
    case .rename: operands = .renames(several { RenameSyntax(new: $0.name(), old: $0.name()) })
    case .limit: operands = .count(number(3))
    case .agg:
      operands = .aggregation(several { $0.binding() }, by: pick([[], several { $0.binding() }]))
    case .sort:
      operands = .sortKeys(several { SortKeySyntax($0.expression(2), isDescending: Bool.random(using: &$0.random), span: $0.nowhere) })
    case .top:
      operands = .top(
        count: number(3), by: [SortKeySyntax(expression(2), isDescending: pick([true, false]), span: nowhere)],
        per: pick([[], several { $0.binding() }]))
    case .withRowNumber: operands = .newColumn(name())
    case .fill: operands = .aggregation(several { $0.binding() }, by: pick([[], several { $0.binding() }]))
    case .pivot: operands = .pivot(several { $0.binding() }, by: expression(2), per: pick([[], several { $0.binding() }]))
    case .sample: operands = .numbers(pick([[], [number(1)]]))
    case .repartition: operands = .count(pick([nil, number(3)]))
    case .shuffle: operands = .none
    case .join:
      operands = .join(
        right: dataset(depth),
        on: several { maker in
          JoinKeySyntax(
            left: maker.expression(2), right: maker.pick([nil, maker.expression(2)]),
            comparison: .equal)
        })
    default: operands = .datasets(several { $0.dataset(depth) })
    }
    return StageSyntax(verb, operands: operands, at: nowhere)
  }

  mutating func dataset(_ depth: Int) -> DatasetSyntax {
    depth > 0 && Bool.random(using: &random)
      ? .pipeline(pipeline(depth - 1), span: nowhere) : .source(.dataset(Name(pick(["late", "_", "_3"]), span: nowhere)))
  }

  mutating func pipeline(_ depth: Int) -> PipelineSyntax {
    var stages = several { $0.stage(depth) }
    var source: SourceSyntax? = .dataset(Name("late", span: nowhere))
    switch Int.random(in: 0..<3, using: &random) {
    case 0: break
    case 1: source = nil
    default:
      source = nil
      let paths = [PathSyntax("data/{a,b}/*.csv", form: .bare, span: nowhere), PathSyntax("it's a\nfile", form: .quoted, span: nowhere)]
      let value = OptionValue(list: ["a b", "|", "'"], isQuoted: true, span: nowhere)
      let option = OptionSyntax(name: Name("null", span: nowhere), value: value, span: nowhere)
      stages.insert(StageSyntax(verb: Name("read", span: nowhere), .read, options: [option], operands: .paths(paths), span: nowhere), at: 0)
    }
    return PipelineSyntax(source: source, stages: stages, span: nowhere)
  }
}

@Suite struct RoundTripTests {
  @Test(arguments: 0..<40)
  func printedSyntaxParsesToItself(_ seed: Int) {
    var maker = SyntaxMaker(random: SeededGenerator(seed: UInt64(seed)))
    for _ in 0..<25 {
      let pipeline = maker.pipeline(2)
      let statement = Statement(.pipeline(name: Name("result", span: maker.nowhere), pipeline), span: maker.nowhere)
      let text = statement.printed
      let result = parsed(text)
      #expect(result.diagnostics.isEmpty, "\(text)\n\(result.diagnostics)")
      #expect(result.script.statements.count == 1)
      if let again = result.script.statements.first {
        #expect(again.printed == text)
        let same = shape(again.kind) == shape(statement.kind)
        #expect(same, "\(text)")
        if !same || !result.diagnostics.isEmpty { return }
      }
    }
  }

  /// The names of parts stand before the pipeline that splits.
  @Test func namesOfPartsAreKept() {
    let result = parsed("a, b,c = late | filter x > 1 | split 0.5, 0.25 --seed=3")
    #expect(result.diagnostics.isEmpty)
    guard case .pipeline(nil, let pipeline)? = result.script.statements.first?.kind else {
      Issue.record("a pipeline is read")
      return
    }
    #expect(pipeline.parts.map(\.text) == ["a", "b", "c"])
    #expect(result.script.statements[0].printed == "a, b, c = late | filter x > 1 | split --seed=3 0.5, 0.25")
    #expect(pipeline.stage(ofPart: 2)?.option("part")?.value?.int == 2)
  }
}
