// Every verb that is available does something, in one place, and nothing is done for verbs that the language lacks.
import DshLanguage
import Testing

@testable import DshPlan
@testable import DshSession

@Suite struct VerbRegistryTests {
  private let bound =
    [PipelineBinding.fileSource] + SourceRegistry.all.map(\.verb) + TransformRegistry.all.map(\.verb) + ActionRegistry.all.map(\.verb)

  @Test func availableVerbsHaveOneBindingOrActionEach() {
    let available = VerbRegistry.all.filter(\.isAvailable).map(\.name)
    #expect(Set(bound.map(\.name)) == Set(available))
  }

  @Test func kindsAndRegistriesAgree() {
    func names(_ kinds: Set<Verb.Kind>) -> [String] {
      VerbRegistry.all.filter { $0.isAvailable && kinds.contains($0.kind) }.map(\.name).sorted()
    }
    #expect(([PipelineBinding.fileSource] + SourceRegistry.all.map(\.verb)).map(\.name).sorted() == names([.source]))
    let both = VerbRegistry.all.filter(\.givesRows).map(\.name)
    #expect(TransformRegistry.all.map(\.verb.name).sorted() == (names([.transform]) + both).sorted())
    #expect(ActionRegistry.all.map(\.verb.name).sorted() == names([.action, .pin]))
  }
}
