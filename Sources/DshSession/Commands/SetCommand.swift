// `set`: shows and changes settings.

import DshColumns
import DshDiagnostics
import DshLanguage
import DshRender
import DshBackend

struct SetCommand: CommandAction {
  let command = Command.ID.set

  func run(_ context: CommandContext) throws -> RunOutcome {
    let session = context.session
    guard let name = context.argument else {
      context.emit(.listing(listing(of: session.settings)))
      return .finished
    }
    guard let setting = SettingRegistry.setting(named: name.text) else {
      let names = SettingRegistry.all.map(\.name)
      throw Diagnostic(
        .unknownSetting, "no setting \"\(name.text)\"", span: name.span,
        suggestion: nearestName(to: name.text, in: names).map(didYouMean),
        notes: ["settings: \(names.joined(separator: ", "))"])
    }
    guard context.command.arguments.count > 1 else {
      context.emit(.lines(["\(setting.name) = \(setting.read(session.settings))"]))
      return .finished
    }
    let value = context.command.arguments[1]
    guard setting.write(&session.settings, value.text == "default" ? setting.defaultText : value.text) else {
      throw Diagnostic(
        .badSetting, "\(setting.name) can't be \"\(value.text)\"", span: value.span, suggestion: .words(setting.values))
    }
    session.applySettings()
    return .finished
  }

  private func listing(of settings: Settings) -> Listing {
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

extension Session {
  /// Hands the backend its part of the settings.
  public func applySettings() {
    backend.settings.batchRows = settings.batchRows
    backend.settings.disabledRules = settings.disabledRules
  }
}
