// The registry of settings holds together.
import Testing

@testable import DshSession

@Suite struct SettingsTests {
  @Test func namesAreUnique() { #expect(Set(SettingRegistry.all.map(\.name)).count == SettingRegistry.all.count) }

  /// What `set` shows as a default, and each word it says a setting takes, is taken and read back.
  @Test(arguments: SettingRegistry.all.map(\.name)) func valuesAreTaken(_ name: String) throws {
    let setting = try #require(SettingRegistry.setting(named: name))
    #expect(!setting.summary.isEmpty && !setting.summary.hasSuffix("."))
    let words = setting.placeholder.split(separator: "|").map(String.init).filter { $0.allSatisfy(\.isLowercase) }
    for word in words + [setting.defaultText] {
      var settings = Settings()
      let isTaken = setting.write(&settings, word)
      #expect(isTaken && setting.read(settings) == word, "\(name) \(word)")
    }
    var settings = Settings()
    let isTaken = setting.write(&settings, "no such value")
    #expect(!isTaken && settings == Settings(), "a refused value changes nothing")
  }
}
