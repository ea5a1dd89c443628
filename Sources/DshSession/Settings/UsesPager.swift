// The setting `pager`.

extension Setting {
  static let pager = Setting(
    name: "pager", placeholder: "on|off", summary: "Whether results larger than the terminal are shown in a pager",
    read: { $0.pager ? "on" : "off" },
    write: { settings, text in
      guard text == "on" || text == "off" else { return false }
      settings.pager = text == "on"
      return true
    })
}
