// Random expressions over random columns: the engine agrees with the row-at-a-time reference, whatever the encoding and the batch size.

import DshColumns
import DshDiagnostics
import DshEngine
import DshPlan
import Testing

@Suite struct ExpressionFuzzTests {
  /// How a batch is presented to the engine.
  enum Presentation: CaseIterable { case plain, dictionary, sliced, split }

  private static let seeds = FuzzSeeds.all

  @Test(arguments: seeds) func agreesWithReference(seed: UInt64) throws {
    var generator = ExpressionGenerator(random: SplitMix(seed: seed))
    for round in 0..<50 {
      let rowCount = generator.random.pick([0, 1, 3, 63, 64, 65, 130])
      let columns = ExpressionGenerator.fields.map { generator.column($0.type, rows: rowCount) }
      let type = generator.random.pick(ExpressionGenerator.types)
      let expression = generator.expression(type, depth: generator.random.int(1...4))
      let compiled = try CompiledExpression(expression, inputs: ExpressionGenerator.fields.map(\.type))
      let expected = Self.reference(columns, rowCount) { row throws(ReferenceError) in try Reference.evaluate(expression, row) }
      for presentation in Presentation.allCases {
        let actual = Self.run(presentation, columns, rowCount, &generator.random) { columns, count in
          try compiled.evaluate(columns, rowCount: count).values
        }
        guard Self.same(actual, expected) else {
          Issue.record("seed \(seed) round \(round) \(presentation): \(expression)\n\(Self.difference(actual, expected, columns))")
          return
        }
      }
    }
  }

  @Test(arguments: seeds) func selectionAgreesWithReference(seed: UInt64) throws {
    var generator = ExpressionGenerator(random: SplitMix(seed: seed &+ 1000))
    for round in 0..<30 {
      let rowCount = generator.random.pick([1, 64, 65, 300])
      let columns = ExpressionGenerator.fields.map { generator.column($0.type, rows: rowCount) }
      let terms = (0..<generator.random.int(1...4)).map { _ in generator.expression(.bool, depth: 2) }
      let condition = terms.count == 1 ? terms[0] : Expression.call("and", terms, .bool)
      let compiled = try CompiledExpression(condition, inputs: ExpressionGenerator.fields.map(\.type))
      let expected = Self.reference(columns, rowCount) { row throws(ReferenceError) in .bool(try Reference.isKept(condition, row)) }
      for presentation in Presentation.allCases {
        let actual = Self.run(presentation, columns, rowCount, &generator.random) { columns, count in
          let selection = try compiled.evaluateSelection(columns, rowCount: count)
          return (0..<count).map { .bool(selection[$0]) }
        }
        guard Self.same(actual, expected) else {
          Issue.record("seed \(seed) round \(round) \(presentation): \(condition)\n\(Self.difference(actual, expected, columns))")
          return
        }
      }
    }
  }

  /// The values of all rows, or the first row that fails.
  typealias Outcome = Result<[Value], Failure>

  struct Failure: Error, Equatable {
    let row: Int
    let code: String
  }

  private static func reference(_ columns: [[Value]], _ rowCount: Int, _ evaluate: ([Value]) throws(ReferenceError) -> Value) -> Outcome {
    var values: [Value] = []
    for row in 0..<rowCount {
      do {
        values.append(try evaluate(columns.map { $0[row] }))
      } catch {
        return .failure(Failure(row: row, code: error.code))
      }
    }
    return .success(values)
  }

  private static func run(
    _ presentation: Presentation, _ values: [[Value]], _ rowCount: Int, _ random: inout SplitMix,
    _ evaluate: ([Column], Int) throws -> [Value]
  ) -> Outcome {
    let columns = zip(ExpressionGenerator.fields, values).map { field, values -> Column in
      switch presentation {
      case .plain, .split: return column(field.type, values)
      case .dictionary: return column(field.type, values).dictionaryEncoded() ?? column(field.type, values)
      case .sliced:
        // Rows before and after that do not belong to the batch.
        let padding = Array(repeating: values.first ?? .null, count: 5)
        let whole = column(field.type, padding + values + padding)
        return (whole.dictionaryEncoded() ?? whole).slice(from: 5, count: rowCount)
      }
    }
    let size = presentation == .split ? random.pick([1, 7, 64]) : max(1, rowCount)
    var result: [Value] = []
    for start in stride(from: 0, to: rowCount, by: size) {
      let count = min(size, rowCount - start)
      do {
        result += try evaluate(columns.map { $0.slice(from: start, count: count) }, count)
      } catch let error as RowError {
        return .failure(Failure(row: start + error.row, code: error.diagnostic.code.name))
      } catch {
        return .failure(Failure(row: -1, code: "\(error)"))
      }
    }
    return .success(result)
  }

  private static func same(_ a: Outcome, _ b: Outcome) -> Bool {
    switch (a, b) {
    case (.success(let x), .success(let y)): x.count == y.count && zip(x, y).allSatisfy { same($0, $1) }
    case (.failure(let x), .failure(let y)): x == y
    default: false
    }
  }

  private static func same(_ a: Value, _ b: Value) -> Bool {
    switch (a, b) {
    case (.float64(let x), .float64(let y)): x == y || (x.isNaN && y.isNaN)
    case (.list(let x), .list(let y)): x.count == y.count && zip(x, y).allSatisfy { same($0, $1) }
    default: a == b
    }
  }

  private static func difference(_ actual: Outcome, _ expected: Outcome, _ columns: [[Value]]) -> String {
    guard case .success(let x) = actual, case .success(let y) = expected else { return "actual \(actual), expected \(expected)" }
    guard let row = zip(x, y).enumerated().first(where: { !same($0.element.0, $0.element.1) })?.offset else {
      return "\(x.count) and \(y.count) rows"
    }
    return "row \(row): actual \(x[row]), expected \(y[row]), row \(columns.map { $0[row] })"
  }
}
