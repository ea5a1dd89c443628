// The options of `read` reach somebody.
import DshFormats
import DshLanguage
import Testing

@testable import DshSession

@Suite struct ReadRequestTests {
  /// An option that neither the session nor a format knows would be taken and do nothing.
  @Test func everyOptionMeansSomething() throws {
    let verb = try #require(VerbRegistry.verb(named: "read"))
    let known = Array(ReadRequest.ownOptions.keys) + FormatRegistry.all.compactMap(\.reading).flatMap(\.optionNames)
    #expect(Set(verb.options.map(\.name)) == Set(known))
  }
}
