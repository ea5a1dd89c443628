// The setting `timing`.

extension Setting {
  static let timing = Setting(
    name: "timing", placeholder: "on|off", summary: "Whether times stand under results on a terminal",
    read: { $0.timing ? "on" : "off" },
    write: { settings, text in
      guard text == "on" || text == "off" else { return false }
      settings.timing = text == "on"
      return true
    })
}
