// `set`: shows and changes settings.

import DshColumns
import DshDiagnostics
import DshLanguage

extension Session {
  func set(_ command: CommandSyntax, emit: (Output) -> Void) throws {
    guard let name = command.arguments.first else {
      emit(.listing(settingsListing))
      return
    }
    guard let setting = SettingRegistry.setting(named: name.text) else {
      let names = SettingRegistry.all.map(\.name)
      throw Diagnostic(
        "unknown-setting", .user, "no setting \"\(name.text)\"", span: name.span,
        suggestion: nearestName(to: name.text, in: names).map(didYouMean),
        notes: ["settings: \(names.joined(separator: ", "))"])
    }
    guard command.arguments.count > 1 else {
      emit(.lines(["\(setting.name) = \(setting.read(settings))"]))
      return
    }
    let value = command.arguments[1]
    guard setting.write(&settings, value.text == "default" ? setting.defaultText : value.text) else {
      throw Diagnostic(
        "bad-setting", .user, "\(setting.name) can't be \"\(value.text)\"", span: value.span, suggestion: setting.values)
    }
    applySettings()
  }

  private var settingsListing: Listing {
    Listing(
      name: "settings",
      columns: [
        Listing.Column("setting"), Listing.Column("value"), Listing.Column("default"), Listing.Column("takes"), Listing.Column("meaning"),
      ],
      rows: SettingRegistry.all.map {
        [.string($0.name), .string($0.read(settings)), .string($0.defaultText), .string($0.placeholder), .string($0.summary)]
      })
  }
}
