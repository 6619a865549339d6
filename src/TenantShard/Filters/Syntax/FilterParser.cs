namespace Platform.TenantShard.Filters.Syntax;

/// <summary>
/// The grammar, by recursive descent:
/// <code>
/// filter    = and { "||" and }
/// and       = part { "&amp;&amp;" part }
/// part      = "(" filter ")" | operand operator operand
/// operand   = identifier | number | text | name "(" [ operand { "," operand } ] ")"
/// </code>
/// <c>&amp;&amp;</c> binds tighter than <c>||</c>, as in SQL and therefore in PocketBase.
/// </summary>
internal ref struct FilterParser
{
    private readonly FilterLimits _limits;
    private FilterLexer _lexer;
    private FilterToken _token;
    private int _depth;
    private int _conditions;

    private FilterParser(string text, FilterLimits limits)
    {
        _limits = limits;
        _lexer = new FilterLexer(text);
        _token = _lexer.Next();
    }

    /// <exception cref="Errors.ApiException">400 with what is wrong and where.</exception>
    public static FilterNode Parse(string text, FilterLimits limits)
    {
        if (text.Length > limits.LengthMax)
            throw ExpressionError.InFilter($"longer than {limits.LengthMax} characters");
        var parser = new FilterParser(text, limits);
        if (parser._token.Kind == FilterTokenKind.End) throw ExpressionError.InFilter("it is empty");
        var node = parser.Filter();
        if (parser._token.Kind != FilterTokenKind.End) throw parser.Unexpected("&& or ||");
        return node;
    }

    private FilterNode Filter()
    {
        var first = And();
        if (_token.Kind != FilterTokenKind.Or) return first;
        var parts = new List<FilterNode> { first };
        while (_token.Kind == FilterTokenKind.Or)
        {
            _token = _lexer.Next();
            parts.Add(And());
        }

        return new JunctionNode(IsAnd: false, parts);
    }

    private FilterNode And()
    {
        var first = Part();
        if (_token.Kind != FilterTokenKind.And) return first;
        var parts = new List<FilterNode> { first };
        while (_token.Kind == FilterTokenKind.And)
        {
            _token = _lexer.Next();
            parts.Add(Part());
        }

        return new JunctionNode(IsAnd: true, parts);
    }

    private FilterNode Part()
    {
        if (_token.Kind != FilterTokenKind.Open) return Condition();
        Enter();
        _token = _lexer.Next();
        var inner = Filter();
        if (_token.Kind != FilterTokenKind.Close) throw Unexpected("a closing parenthesis");
        _token = _lexer.Next();
        _depth--;
        return inner;
    }

    private ConditionNode Condition()
    {
        if (++_conditions > _limits.ConditionsMax)
            throw ExpressionError.InFilter($"more than {_limits.ConditionsMax} conditions", _token.Start);
        var left = Operand();
        if (_token.Kind != FilterTokenKind.Operator) throw Unexpected("an operator");
        var (comparison, isAny) = ToOperator(_token);
        _token = _lexer.Next();
        return new ConditionNode(left, comparison, isAny, Operand());
    }

    private OperandNode Operand()
    {
        var token = _token;
        switch (token.Kind)
        {
            case FilterTokenKind.Identifier:
                _token = _lexer.Next();
                return new IdentifierOperand(token.Start, token.Text);
            case FilterTokenKind.Text:
                _token = _lexer.Next();
                return new TextOperand(token.Start, token.Text);
            case FilterTokenKind.Number:
                _token = _lexer.Next();
                FilterLexer.TryNumber(token.Text, out var number);
                return new NumberOperand(token.Start, number);
            case FilterTokenKind.Function:
                return Function();
            default:
                throw Unexpected("a field, a text or a number");
        }
    }

    private FunctionOperand Function()
    {
        var function = _token;
        Enter();
        _token = _lexer.Next();
        var arguments = new List<OperandNode>();
        while (_token.Kind != FilterTokenKind.Close)
        {
            if (arguments.Count > 0)
            {
                if (_token.Kind != FilterTokenKind.Comma) throw Unexpected("a comma or a closing parenthesis");
                _token = _lexer.Next();
            }

            arguments.Add(Operand());
        }

        _token = _lexer.Next();
        _depth--;
        return new FunctionOperand(function.Start, function.Text, arguments);
    }

    private void Enter()
    {
        if (++_depth > _limits.DepthMax)
            throw ExpressionError.InFilter($"nested deeper than {_limits.DepthMax} levels", _token.Start);
    }

    private readonly Errors.ApiException Unexpected(string expected) => _token.Kind == FilterTokenKind.End
        ? ExpressionError.InFilter($"unexpected end instead of {expected}", _token.Start)
        : ExpressionError.InFilter(
            $"unexpected '{ExpressionError.Echo(_token.Text)}' instead of {expected}", _token.Start);

    private static (FilterOperator Comparison, bool IsAny) ToOperator(FilterToken token) => token.Text switch
    {
        "=" => (FilterOperator.Equal, false),
        "!=" => (FilterOperator.NotEqual, false),
        ">" => (FilterOperator.Greater, false),
        ">=" => (FilterOperator.GreaterOrEqual, false),
        "<" => (FilterOperator.Less, false),
        "<=" => (FilterOperator.LessOrEqual, false),
        "~" => (FilterOperator.Like, false),
        "!~" => (FilterOperator.NotLike, false),
        "?=" => (FilterOperator.Equal, true),
        "?!=" => (FilterOperator.NotEqual, true),
        "?>" => (FilterOperator.Greater, true),
        "?>=" => (FilterOperator.GreaterOrEqual, true),
        "?<" => (FilterOperator.Less, true),
        "?<=" => (FilterOperator.LessOrEqual, true),
        "?~" => (FilterOperator.Like, true),
        "?!~" => (FilterOperator.NotLike, true),
        _ => throw ExpressionError.InFilter($"unknown operator {ExpressionError.Echo(token.Text)}", token.Start),
    };
}
