// The setting `suggestions`.

extension Setting {
  static let suggestions = Setting.onOff(
    "suggestions", "Whether a statement typed before is suggested while one like it is typed", \.suggestions)
}
