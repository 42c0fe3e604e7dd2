// Lesson 6: what comes after an a? Counting letters, and how to say how good a guess was.
#:project ../src/Nudge/Nudge.csproj
#:property PublishAot=false

// dotnet run lessons/06-cross-entropy-and-counting.cs

using Nudge;

// ── Guessing letters ─────────────────────────────────────────────────────────────────────────────────────────────────
//
// From here on a network reads text, and its task is always the same: some letters have come, which comes next? It
// sounds like a parlour game. It is what the large language models do, too.
//
// Our text is a handful of names.

string[] names = ["emma", "anna", "ella", "hanna", "lena", "lea", "mila", "emil", "elena", "nele", "malin", "helen"];

// A network takes numbers, so each letter gets one. 0 stands for the boundary, written as a dot: it says where a name
// begins and where it ends. The numbers have no meaning; they say which row of a table to look at.

string letters = "." + string.Concat(names.SelectMany(name => name).Distinct().Order());
Console.WriteLine(letters); //> .aehilmn

int[] Tokens(string name) => [0, .. name.Select(letter => letters.IndexOf(letter)), 0];

Console.WriteLine(string.Join(" ", Tokens("anna"))); //> 0 1 7 7 1 0

// One name gives several tasks: after . comes a, after a comes n, after n comes n, after n comes a, after a comes the
// end. This is all of them, for all names:

(int Before, int Next)[] pairs = [.. names.Select(Tokens).SelectMany(tokens => tokens.Zip(tokens[1..]))];
Console.WriteLine(pairs.Length); //> 63

// ── Counting ─────────────────────────────────────────────────────────────────────────────────────────────────────────
//
// The oldest way to guess: look at what came last, and count what followed it so far. A row is the letter before, a
// column the letter that came next.

int size = letters.Length;
var counts = new double[size, size];
foreach ((int before, int next) in pairs)
    counts[before, next]++;

Console.WriteLine("    " + string.Join("  ", letters.AsEnumerable()));
for (int before = 0; before < size; before++)
    Console.WriteLine($"{letters[before]}  {string.Join(" ", Enumerable.Range(0, size).Select(next => $"{counts[before, next],2}"))}");
//>     .  a  e  h  i  l  m  n
//> .   0  1  4  2  0  2  2  1
//> a   8  0  0  0  0  1  0  2
//> e   1  1  0  0  0  4  2  3
//> h   0  1  1  0  0  0  0  0
//> i   0  0  0  0  0  2  0  1
//> l   1  2  5  0  1  1  0  0
//> m   0  2  0  0  2  0  1  0
//> n   2  4  1  0  0  0  0  2

// Read the row of a: 11 letters followed an a. 8 times it was the end, once an l, twice an n. Divide by 11 and you
// have probabilities, numbers that add up to 1.

double Probability(int before, int next) => counts[before, next] / Enumerable.Range(0, size).Sum(any => counts[before, any]);

Console.WriteLine($"{Probability(1, 0):F3} {Probability(1, 5):F3} {Probability(1, 7):F3}"); //> 0.727 0.091 0.182

// This is a language model, the smallest there is. It is called a bigram, since it knows pairs only.

// ── How good is a guess? ─────────────────────────────────────────────────────────────────────────────────────────────
//
// The model gave a probability to each letter, then one of them came. A good model had given that one much. How do we
// make one number of it, small when the model is good? Try the probability of a whole name: all its guesses in a row.

double OfName(string name) => Tokens(name).Zip(Tokens(name)[1..]).Aggregate(1.0, (product, pair) => product * Probability(pair.First, pair.Second));

Console.WriteLine($"{OfName("anna"):F6}"); //> 0.001088
Console.WriteLine($"{OfName("lena"):F6}"); //> 0.007346

// Products of many small numbers soon are too small to be handled. The logarithm makes sums of products, and as it is
// negative for numbers below 1, we turn its sign round. −ln p is called the surprise: 0 for what was certain, and the
// larger the less it was expected.

foreach (double p in new[] { 1, 0.5, 0.25, 0.01 })
    Console.WriteLine($"p {p,-4}  surprise {Math.Abs(-Math.Log(p)):F4}");
//> p 1     surprise 0.0000
//> p 0.5   surprise 0.6931
//> p 0.25  surprise 1.3863
//> p 0.01  surprise 4.6052

// The mean surprise over all letters is the loss of a language model. It is called the cross-entropy.

double counted = pairs.Average(pair => -Math.Log(Probability(pair.Before, pair.Next)));
Console.WriteLine($"{counted:F4}"); //> 1.2419

// Is that good? Compare with somebody who knows nothing and gives each of the 8 letters 1/8: he is always surprised by
// ln 8. One can also turn the loss back into a count: e^loss is among how many equally likely letters the model still
// has to choose.

Console.WriteLine($"{Math.Log(8):F4}");                                 //> 2.0794
Console.WriteLine($"{Math.Exp(counted):F2} letters instead of 8"); //> 3.46 letters instead of 8

// And a name with a pair that never came before? "nina" begins with ni.

Console.WriteLine(OfName("nina")); //> 0

// Impossible, says the model, and its surprise would be infinite. Counts alone are too sure of themselves. The cure is
// to pretend that each pair had been seen a little more often than it was; that is called smoothing.

// ── The same by gradient ─────────────────────────────────────────────────────────────────────────────────────────────
//
// Now forget the counts. Take a table of 8 × 8 dials, all 0, and turn them until the surprise is small. A row of the
// table holds the scores of what comes next: any numbers, the greater the likelier. Two things must happen to scores
// before they are probabilities. They must be positive: take e^score. They must add up to 1: divide by their sum. Both
// together are called softmax.

Value[] scores = [1, 2, 0.5];
Console.WriteLine(string.Join("  ", Softmax.Of(scores).Select(p => $"{p.Data:F4}"))); //> 0.2312  0.6285  0.1402

// The surprise when the third one comes, by hand and from the library:

Value surprise = Loss.CrossEntropy(scores, 2);
Console.WriteLine($"{-Math.Log(0.1402):F2} {surprise.Data:F2}"); //> 1.96 1.96

// And its gradient, which is worth a look:

surprise.Backward();
Console.WriteLine(string.Join("  ", scores.Select(score => $"{score.Grad:F4}"))); //> 0.2312  0.6285  -0.8598

// They are the probabilities, with 1 taken off the one that came: 0.1402 − 1 = −0.8598. What came is pushed up by as
// much as it was missing, and each of the others is pushed down by as much as it had. When the guess is perfect, nothing
// is pushed. No loss could be plainer.
//
// A Bigram is this table. It reads one letter after the other, and after each it gives the scores of what comes next.

var model = new Bigram(vocabularySize: size, contextLength: 8);
Func<IndexValue, Value[]> read = model.Begin();
Console.WriteLine(string.Join(" ", read(0).Select(score => score.Data))); //> 0 0 0 0 0 0 0 0

// And here is the loop. It is the loop of lesson 5, its four beats unchanged; only the line that computes the loss is
// new. Losses gives the surprise at each letter of a name.

for (int step = 0; step <= 400; step++)
{
    Value loss = Value.Mean([.. names.SelectMany(name => model.Losses([.. Tokens(name)]))]); // forward
    model.ZeroGradients();                                                                     // zero
    loss.Backward();                                                                           // backward
    foreach (Value p in model.Parameters) p.Data -= 20 * p.Grad;                               // update

    if (step is 0 or 1 or 10 or 100 or 400)
        Console.WriteLine($"step {step,3}  loss {loss.Data:F4}");
}
//> step   0  loss 2.0794
//> step   1  loss 1.6081
//> step  10  loss 1.3136
//> step 100  loss 1.2490
//> step 400  loss 1.2437

// It begins at ln 8, knowing nothing, and ends where counting got: 1.2419. It cannot get below that, for no table of
// pairs can. And the probabilities after an a, which counting said were 0.727, 0.091 and 0.182:

Value[] afterA = Softmax.Of(model.Begin()(1));
Console.WriteLine($"{afterA[0].Data:F3} {afterA[5].Data:F3} {afterA[7].Data:F3}"); //> 0.727 0.090 0.181

// So the gradient found by small steps what counting finds at once. Why take the long way? Because counting is only for
// tables. The gradient does not care what stands between the letters and the scores: put a network there, and the same
// four lines train it.

// ── New names ────────────────────────────────────────────────────────────────────────────────────────────────────────
//
// A model that says what is likely can also make things up. Begin with the boundary, draw a letter with the
// probabilities given, read it, draw the next, until the boundary comes.

string Invent(Rng rng)
{
    Func<IndexValue, Value[]> next = model.Begin();
    string name = "";
    for (int token = 0; name.Length < 8;)
    {
        Value[] probabilities = Softmax.Of(next(token));
        double left = rng.NextDouble();
        for (token = 0; token < size - 1 && left >= probabilities[token].Data; token++)
            left -= probabilities[token].Data;
        if (token == 0)
            break;
        name += letters[token];
    }
    return name;
}

var random = new Rng(1);
Console.WriteLine(string.Join(" ", Enumerable.Range(0, 10).Select(_ => Invent(random)))); //> lema e enannnem ma a ha ela min milelana ha

// It has learned which letters like to stand together, and not what a name is: e is no name, and enannnem goes on as if
// it could not find the end. No wonder, for each letter is chosen by somebody who has forgotten everything but the letter
// before. To remember more is the matter of the next lessons.
//
//     dotnet run lessons/07-embeddings-and-the-mlp.cs
