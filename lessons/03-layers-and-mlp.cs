// Lesson 3: layers of neurons, and the network they make.
#:project ../src/Nudge/Nudge.csproj
#:property PublishAot=false

// dotnet run lessons/03-layers-and-mlp.cs

using Nudge;

// ── A layer ──────────────────────────────────────────────────────────────────────────────────────────────────────────
//
// A layer is some neurons that look at the same inputs. Each has weights of its own, so each can look for something
// else. A layer with 3 inputs and 4 neurons turns 3 numbers into 4.

var layer = new Layer(3, 4, new Rng(1));

Console.WriteLine(layer);                               //> Layer 3 → 4, tanh, 16 parameters
Console.WriteLine(layer.Forward(2.0, 3.0, -1.0).Length); //> 4

// Why 16? Each neuron has 3 weights and a bias, that makes 4, and there are 4 of them.

// ── Layers behind each other ─────────────────────────────────────────────────────────────────────────────────────────
//
// The 4 numbers can be the inputs of another layer, and so on. Such a stack is called a multilayer perceptron, Mlp for
// short. The name is older than most of what we use it for. Ours takes 3 inputs and has layers of 4, 4 and 1 neurons.

var net = new Mlp(3, [4, 4, 1], new Rng(5));

Console.WriteLine(net);
//> layer    inputs   outputs  activation   parameters
//> 0             3         4  tanh                 16
//> 1             4         4  tanh                 20
//> 2             4         1  tanh                  5
//> total                                           41

// Check the column on the right: (3 + 1) · 4 = 16, (4 + 1) · 4 = 20, (4 + 1) · 1 = 5. Together 41 parameters, 41 dials.

Console.WriteLine(net.Parameters.Count); //> 41

// Each has a name that says where it lives, and the order never changes.

foreach (int i in new[] { 0, 1, 3, 4, 40 })
    Console.WriteLine($"{i,2}  {net.Parameters[i].Label}");
//>  0  layers.0.neurons.0.w[0]
//>  1  layers.0.neurons.0.w[1]
//>  3  layers.0.neurons.0.b
//>  4  layers.0.neurons.1.w[0]
//> 40  layers.2.neurons.0.b

// ── Forward ──────────────────────────────────────────────────────────────────────────────────────────────────────────
//
// Putting numbers in at one end and reading the answer at the other is called the forward pass. Forward always gives an
// array, also when the last layer has one neuron only.

Value[] answers = net.Forward(2, 3, -1);

Console.WriteLine($"{answers.Length} answer: {answers[0].Data:F4}"); //> 1 answer: -0.5146

// There is no magic inside. The same by hand, layer by layer:

Value[] signal = [2, 3, -1];
foreach (Layer each in net.Layers)
{
    signal = each.Forward(signal);
    Console.WriteLine(string.Join(" ", signal.Select(value => $"{value.Data,7:F4}")));
}
//>  0.1097  0.9831 -0.9920  0.9002
//>  0.6531 -0.6216  0.0270  0.7677
//> -0.5146

// ── One big expression ───────────────────────────────────────────────────────────────────────────────────────────────
//
// What the network computed is still an expression like a * b + c, only longer. How long? Start from the answer, look
// at what it was computed from, then at what those were computed from, and count everything you meet once.

int Count(Value result)
{
    var met = new HashSet<Value> { result };
    var toLookAt = new Stack<Value>(met);
    while (toLookAt.TryPop(out Value? value))
    {
        foreach (Value input in value.Inputs)
        {
            if (met.Add(input))
                toLookAt.Push(input);
        }
    }
    return met.Count;
}

Console.WriteLine(Count(answers[0])); //> 117

// 3 inputs, 41 parameters, and the products, sums and squashings between them: 32 products, 32 sums, 9 times tanh.
// Together 117 numbers. Small enough to look at every one, and we can ask each of them the question of lesson 1: if I
// nudge you, what happens to the answer?

answers[0].Backward();

foreach (int i in new[] { 0, 16, 40 })
    Console.WriteLine(net.Parameters[i]);
//> layers.0.neurons.0.w[0] = -0.4232 (grad 0.2828)
//> layers.1.neurons.0.w[0] = 0.3615 (grad -0.0113)
//> layers.2.neurons.0.b = -0.3598 (grad 0.7352)

// One walk back, 41 slopes. Is it true? Nudging all 41, one after the other, takes 82 forward passes. That is slow, but
// it is honest work, and a machine does it for us:

GradientReport report = GradientCheck.Check(() => net.Forward(2, 3, -1)[0], net.Parameters);
Console.WriteLine($"{report.Entries.Count} gradients checked, {(report.Passed ? "all agree" : "some do not")}"); //> 41 gradients checked, all agree

// ── It knows nothing yet ─────────────────────────────────────────────────────────────────────────────────────────────
//
// Here are four examples: three numbers, and what the network should answer to them. They mean nothing in particular.

Dataset examples = Generate.Lesson();

for (int i = 0; i < examples.Count; i++)
{
    double answer = net.Predict(examples.Inputs[i])[0];
    Console.WriteLine($"should be {examples.Targets[i][0],2}, is {answer,7:F4}");
}
//> should be  1, is -0.5146
//> should be -1, is -0.2181
//> should be -1, is -0.3011
//> should be  1, is -0.4707

// Of course it is wrong: its 41 numbers are random. Another seed is wrong in another way, and the same seed is wrong in
// the same way every time.

Console.WriteLine($"{new Mlp(3, [4, 4, 1], new Rng(6)).Predict(2, 3, -1)[0]:F4}"); //> -0.4496
Console.WriteLine($"{new Mlp(3, [4, 4, 1], new Rng(5)).Predict(2, 3, -1)[0]:F4}"); //> -0.5146

// So there are 41 dials, and we know how to find out what each of them does. What is missing is one number that says
// how wrong the network is, to be made small.
//
//     dotnet run lessons/04-the-loss-and-one-worked-step.cs
