// The registries hold together: names are unique, examples parse, relations exist.
import DshDiagnostics
import Testing

@testable import DshLanguage

@Suite struct RegistryTests {
  @Test(arguments: VerbRegistry.all)
  func verb(_ verb: Verb) {
    #expect(VerbRegistry.verb(named: verb.name) == verb)
    #expect(verb.examples.count >= 2 || !verb.isAvailable)
    #expect(verb.usage.hasPrefix(verb.name) && !verb.summary.isEmpty && !verb.summary.hasSuffix("."))
    #expect(Set(verb.options.map(\.name)).count == verb.options.count)
    #expect(verb.related.allSatisfy { VerbRegistry.verb(named: $0) != nil })
    for example in verb.examples {
      let result = parsed(example.text)
      #expect(result.diagnostics.isEmpty, "\(example.text): \(result.diagnostics)")
      #expect(result.script.statements.count == 1)
    }
    #expect(CommandRegistry.command(named: verb.name) == nil)
  }

  @Test(arguments: CommandRegistry.all)
  func command(_ command: Command) {
    #expect(CommandRegistry.command(named: command.name) == command && command.examples.count >= 2)
    for example in command.examples {
      let result = parsed(example)
      #expect(result.diagnostics.isEmpty, "\(example)")
      switch result.script.statements.first?.kind {
      case .command(let syntax): #expect(syntax.id == command.id)
      // What gives something a name has syntax of its own.
      case .letBinding: #expect(command.name == "let")
      case .definition: #expect(command.name == "def")
      default: Issue.record("\(example) is no command")
      }
    }
  }

  /// What "instead" names must itself work.
  @Test func unavailableVerbsPointToAvailableOnes() {
    for verb in VerbRegistry.all {
      guard case .later(let instead) = verb.availability else { continue }
      let words = instead.split { !$0.isLetter && $0 != "_" }.map(String.init)
      let named = words.compactMap { VerbRegistry.verb(named: $0) }
      #expect(!named.isEmpty && named.allSatisfy(\.isAvailable), "\(verb.name): \(instead)")
    }
  }
}
