// What the language lists of formats and their options is what there is.
import DshFormats
import DshLanguage
import Testing
import DshRender

@testable import DshSession

@Suite struct ReadRequestTests {
  private func choices(_ verb: String) throws -> [String] {
    try #require(VerbRegistry.verb(named: verb)?.option("format")).choices
  }

  /// An option that neither the session nor a format knows would be taken and do nothing.
  @Test func everyOptionMeansSomething() throws {
    let verb = try #require(VerbRegistry.verb(named: "read"))
    let known = Array(ReadRequest.ownOptions.keys) + FormatRegistry.all.compactMap(\.reading).flatMap(\.optionNames)
    #expect(Set(verb.options.map(\.name)) == Set(known))
  }

  @Test func formatsThatCanBeNamedCanBeUsed() throws {
    #expect(try choices("read") == FormatRegistry.all.filter(\.canRead).map(\.name))
    #expect(try choices("write") == FormatRegistry.all.filter(\.canWrite).map(\.name))
    for format in OutputFormat.allCases where format != .table { #expect(try FormatRegistry.named(format.rawValue).canWrite) }
    #expect(OutputFormat(rawValue: "line") == .line && OutputFormat(rawValue: "json") == .file(name: "json"))
    #expect(OutputFormat(rawValue: "parquet") == nil)
  }
}
