// The setting `history`.

extension Setting {
  static let history = Setting(
    name: "history", placeholder: "on|off", summary: "Whether statements are written to the history file; off is private",
    read: { $0.history ? "on" : "off" },
    write: { settings, text in
      guard text == "on" || text == "off" else { return false }
      settings.history = text == "on"
      return true
    })
}
