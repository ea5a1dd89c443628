// Every command does something, in one place, and nothing is done for commands that the language lacks.
import DshLanguage
import Testing

@testable import DshSession

@Suite struct CommandRegistryTests {
  @Test func commandsHaveOneActionEach() {
    #expect(CommandActionRegistry.all.map(\.command.name).sorted() == CommandRegistry.all.map(\.name).sorted())
  }
}
