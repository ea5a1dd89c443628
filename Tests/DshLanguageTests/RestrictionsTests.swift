// Conditions of aggregates and columns by a pattern inside calls: what is read, and that it is printed so that it reads as the same.

import DshDiagnostics
import Testing

@testable import DshLanguage

@Suite struct RestrictionsTests {
  /// The items of `agg` as they are printed; the first mistake where there is one.
  private func items(_ text: String) -> [String] {
    let result = parse(SourceText(name: "test", text: "x | agg \(text)"))
    if let first = result.diagnostics.first { return [first.code.name] }
    guard case .pipeline(_, let pipeline)? = result.script.statements.first?.kind, let stage = pipeline.stages.last,
      case .aggregation(let items, _) = stage.operands
    else { return [] }
    return items.map(\.value.printed)
  }

  @Test(arguments: [
    "count() where x > 1", "(count() where x) / count()", "2 * (sum(x) where a or b)", "round(mean(x) where a in [1, 2], 2)",
    "sum(x) where y between 1 and 3 and z", "-(count() where x)", "(max(x) where y)::string", "max(temp_*)", "max(*_b)", "max(*)",
    "max(* except id)", "max(*:number except (a, b_*))", "max(*:list<int64>)", "quantile(* except id, 0.5)", "max(a * b)",
  ]) func isPrintedAsItIsRead(text: String) {
    #expect(items(text) == [text])
  }

  @Test func aConditionEndsWhereItsItemDoes() {
    #expect(items("count() where x, sum(y) where z by k") == ["count() where x", "sum(y) where z"])
    #expect(items("f(count() where x or y, 2)") == ["f(count() where x or y, 2)"])
    #expect(items("count() where x + 1 > 2 * y") == ["count() where x + 1 > 2 * y"])
  }

  @Test func aStarBetweenOperandsMultiplies() {
    #expect(items("sum(a*b)") == ["sum(a * b)"])
    #expect(items("sum(a*2)") == ["sum(a * 2)"])
    #expect(items("sum(a* b)") == ["sum(a * b)"])
    #expect(items("sum(a *-1)") == ["sum(a * -1)"])
    #expect(items("sum(a*(b))") == ["sum(a * b)"])
  }

  @Test func mistakes() {
    #expect(items("count() where") == ["expected-expression"])
    #expect(items("(count()) where x") == ["unexpected-text"])
    #expect(items("count(*)") == ["foreign-operator"])
    #expect(items("max(*:)") == ["expected-type"])
    #expect(items("max(* except)") == ["expected-column"])
    #expect(items("max(* except (a)") == ["unclosed-bracket"])
  }
}
