// The setting `preview`.

extension Setting {
  static let preview = Setting.count(
    "preview", within: 1...1000, orNone: "off", "Rows shown after each statement that only makes a dataset", \.preview)
}
