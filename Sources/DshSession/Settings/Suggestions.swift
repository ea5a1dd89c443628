// The setting `suggestions`.

extension Setting {
  static let suggestions = Setting(
    name: "suggestions", placeholder: "on|off", summary: "Whether a statement typed before is suggested while one like it is typed",
    read: { $0.suggestions ? "on" : "off" },
    write: { settings, text in
      guard text == "on" || text == "off" else { return false }
      settings.suggestions = text == "on"
      return true
    })
}
