import DxshExpressions
import DxshSyntax

/// Where an expression stands, which says what a secret in it would do there.
enum SecretPlace {
  case value
  /// It is read by people: why something failed.
  case message
  case output
  /// It chooses what is done.
  case condition
  case argument(parameter: String, of: String)
}

/// What is made of a secret is secret (rule 40).
extension ExpressionChecker {
  func standing(in place: SecretPlace) -> ExpressionChecker {
    var inner = self
    inner.place = place
    return inner
  }

  /// A bool that chooses what is done, so not a secret one.
  func condition(_ syntax: ExpressionSyntax) -> TypedExpression {
    standing(in: .condition).check(syntax, expecting: .bool)
  }

  /// The condition of an item, which is to decide something.
  func deciding(_ syntax: ExpressionSyntax) -> TypedExpression {
    let typed = condition(syntax)
    if case .bool(let value)? = typed.expression.constantValue, !syntax.mentionsNames {
      report(.constantCondition(value, at: syntax.range))
    }
    return typed
  }

  /// An operand of type `expected`, or a secret of it.
  func operand(_ syntax: ExpressionSyntax, expecting expected: Type?) -> TypedExpression {
    let typed = infer(syntax, expecting: expected)
    guard let expected else { return typed }
    guard typed.type.containsSecret else { return coerce(typed, to: expected, at: syntax) }
    let open = coerce(typed.open, to: expected, at: syntax)
    return TypedExpression(open.expression, open.type.asSecret)
  }

  /// Does something with a value; what comes of a secret one is secret.
  func lifting(_ operand: TypedExpression, _ body: (TypedExpression) -> TypedExpression) -> TypedExpression {
    guard operand.type.unwrapped.isSecret else { return body(operand) }
    let result = body(operand.open)
    return TypedExpression(result.expression, result.type.asSecret)
  }

  /// The declared secret or connection that a value comes from, as far as its text says.
  func origin(of syntax: ExpressionSyntax) -> Name? {
    for name in Mentions.of(syntax).sorted() {
      if let local = locals.last(where: { $0.name == name }) {
        if let origin = local.origin { return origin }
      } else if let origin = scope.origin(of: name) {
        return origin
      }
    }
    return nil
  }

  /// `declassify(e, reason: "…")`: the one door from `secret<T>` to `T`.
  func declassify(_ arguments: [Argument], at syntax: ExpressionSyntax) -> TypedExpression {
    guard arguments.count == 2, arguments[0].label == nil, arguments[1].label?.text == "reason",
      case .literal(.string(let reason)) = arguments[1].value.kind, !reason.isEmpty
    else {
      report(.declassifyForm(at: syntax.range))
      return .unknown
    }
    let typed = infer(arguments[0].value)
    if !typed.type.containsSecret, !typed.type.isUnknown {
      report(.needlessDeclassify(typed.type, at: syntax.range))
    }
    return typed.open
  }
}

extension TypedExpression {
  /// The same value without its secrets' labels.
  var open: TypedExpression { TypedExpression(expression, type.withoutSecrets) }
}
