// The setting `preview`.

extension Setting {
  static let preview = Setting(
    name: "preview", placeholder: "N|off", summary: "Rows shown after each statement that only makes a dataset",
    read: { $0.preview.map(String.init) ?? "off" },
    write: { settings, text in
      if text == "off" {
        settings.preview = nil
        return true
      }
      guard let rows = Int(text), rows >= 1, rows <= 1000 else { return false }
      settings.preview = rows
      return true
    })
}
