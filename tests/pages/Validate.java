import java.io.FileInputStream;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Checks a PDF against profiles of veraPDF, such as 2a and ua1; prints a line a profile. */
public class Validate {
    public static void main(String[] arguments) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        for (int i = 1; i < arguments.length; i++) {
            PDFAFlavour flavour = PDFAFlavour.fromString(arguments[i]);
            try (FileInputStream file = new FileInputStream(arguments[0]);
                    PDFAParser parser = Foundries.defaultInstance().createParser(file, flavour);
                    PDFAValidator validator =
                            Foundries.defaultInstance().createValidator(flavour, false)) {
                ValidationResult result = validator.validate(parser);
                System.out.println(arguments[i] + (result.isCompliant() ? " yes " : " no ")
                        + result.getTotalAssertions());
                for (TestAssertion failed : result.getTestAssertions()) {
                    System.out.println("  " + failed.getRuleId() + ": " + failed.getMessage());
                }
            }
        }
    }
}
