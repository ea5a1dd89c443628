// Which datasets a long session still has.
import DshColumns
import DshDiagnostics
import DshLanguage
import DshPlan
import Testing

@testable import DshSession

@Suite struct UnnamedDatasetsTests {
  private static let plan = LogicalPlan.range(start: 0, end: 3, step: 1, blocks: nil)
  private static let stage = StageSyntax(.range, operands: .none, at: SourceSpan(start: 0, end: 0))
  private static let source = SourceText(name: "test", text: "range 3")

  /// Makes datasets, one after another current.
  private func make(_ count: Int, in state: inout SessionState) {
    for _ in 0..<count { state.makeCurrent(state.add(base: .plan(Self.plan, Self.stage), stages: [], source: Self.source)) }
  }

  private func name(_ text: String) -> Name { Name(text, span: SourceSpan(start: 0, end: 0)) }

  @Test func theLastOnesStay() {
    var state = SessionState()
    make(SessionState.unnamedLimit, in: &state)
    state.forgetOldest()
    #expect(state.datasets.count == SessionState.unnamedLimit)
    make(SessionState.unnamedLimit, in: &state)
    state.forgetOldest()
    #expect(state.datasets.count == SessionState.unnamedLimit)
    #expect(state.index(of: "_1") == nil && state.index(of: "_500") == nil)
    #expect(state.index(of: "_501") == 500 && state.index(of: "_1000") == 999)
    #expect(state.unknownDataset(name("_500")).message == "the dataset _500 is not there any more")
    #expect(state.unknownDataset(name("_1001")).message == "no dataset \"_1001\"")
    #expect(state.unknownDataset(name("_0")).message == "no dataset \"_0\"")
    make(1, in: &state)
    #expect(state.index(of: "_1001") == 1000, "no number is given twice")
  }

  @Test func whatIsNamedOrHasBlocksStaysWithAllThatItIsMadeFrom() {
    var state = SessionState()
    make(8, in: &state)
    let chained = state.add(base: .dataset(1), stages: [Dataset.Stage(syntax: Self.stage, others: [2])], source: Self.source)
    state.name(chained, "chained")
    state.datasets[4].kept = Self.plan
    make(2 * SessionState.unnamedLimit, in: &state)
    state.forgetOldest()
    #expect(state.datasets.indices.filter { $0 < 100 } == [1, 2, 4, chained])
    #expect(state.index(of: "chained") == chained)
    state.datasets[4].kept = nil
    make(SessionState.unnamedLimit, in: &state)
    state.forgetOldest()
    #expect(state.datasets.indices.filter { $0 < 100 } == [1, 2, chained])
  }

  /// What was current before may be long ago; what is current now may be too.
  @Test func theCurrentDatasetStays() {
    var state = SessionState()
    make(1, in: &state)
    for _ in 0..<2 * SessionState.unnamedLimit { _ = state.add(base: .plan(Self.plan, Self.stage), stages: [], source: Self.source) }
    state.forgetOldest()
    #expect(state.current == 0 && state.index(of: "_") == 0)
    #expect(state.earlier == [nil])
  }

  @Test func undoLeadsToWhatIsThere() {
    var state = SessionState()
    make(3 * SessionState.unnamedLimit, in: &state)
    state.forgetOldest()
    #expect(!state.earlier.isEmpty && state.earlier.allSatisfy { $0.map(state.datasets.contains) ?? true })
  }

  @Test func numbersStayWithTheirElements() {
    var numbered = Numbered<String>()
    for text in ["a", "b", "c"] { numbered.append(text) }
    numbered.keep([1, 2])
    #expect(numbered.append("d") == 3)
    #expect(numbered.indices == [1, 2, 3] && numbered.elements == ["b", "c", "d"])
    #expect(!numbered.contains(0) && numbered.contains(3) && numbered.count == 3)
  }
}
