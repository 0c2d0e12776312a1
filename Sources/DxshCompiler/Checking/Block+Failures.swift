import DxshSyntax

extension Block {
  /// Whether an item can end with a failure that a handler around it takes.
  var canFail: Bool {
    items.contains { item in
      switch item {
      case .step, .wait, .approval, .iteration, .assertion, .failure, .unreadable: true
      case .attempt(let item): item.handler.canFail
      case .loop(let item):
        item.body.canFail || item.policies.contains { $0.path.text == PolicyName.first.rawValue }
      case .conditional, .selection, .sequence: item.blocks.contains(where: \.canFail)
      case .letBinding, .output: false
      }
    }
  }
}

extension ExpressionSyntax {
  /// Whether a name stands in it, so that its value depends on something.
  var mentionsNames: Bool {
    var mentions = Mentions()
    mentions.visit(self)
    return !mentions.all.isEmpty
  }
}
