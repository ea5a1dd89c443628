// The setting `history`.

extension Setting {
  static let history = Setting.onOff("history", "Whether statements are written to the history file; off is private", \.history)
}
