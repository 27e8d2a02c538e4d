"""First names that are common, to tell "Kelly, Maureen" from "Maureen, Jim".

Nobody is recognised by them: they only help to read a cell where no roster knows its people.
"""

from __future__ import annotations

from rolecall.adopt.name_keys import name_words
from rolecall.adopt.word_sets import word_set

__all__ = ["is_given_name"]

_NAMES = word_set(
    """
        aaron adam adrian aidan aine aisling alan albert alec alex alexander alexandra alfred
        alice alicia alison allan allison amanda amber amelia amy andrea andrew andy angela angie
        ann anna anne annette annie anthony antonia april arthur ashley audrey aoife barbara barry
        beatrice becky ben benjamin bernadette bernard bert beth betty beverly bill billy bo bob
        bobby brad brandon brenda brendan brian bridget brigid bruce bryan cara carl carla carmel
        carol caroline carolyn catherine cathal cathy cecilia charles charlie charlotte chloe
        chris christian christina christine christopher ciara cian ciaran claire clara clare
        claudia colette colin colm conor connor craig cynthia daisy dan daniel danny darren dave
        david dawn dean deborah debbie declan deirdre denis dennis derek dermot desmond diana
        diane diarmuid dick dominic don donal donald donna doris dorothy doug douglas duncan dylan
        eamon eamonn eddie edith edward eileen elaine eleanor elena elizabeth ella ellen emer
        emily emma eoin eric erica erin ethan eugene eva eve evelyn fergal fiona finbarr fionnuala
        florence frances francis frank fred gabriel gareth gary gavin gemma geoff geoffrey george
        georgia gerald geraldine gerard gerry gill gillian gina glenn gloria gordon grace grainne
        graham greg gregory hannah harold harriet harry heather helen henry holly howard hugh hugo
        ian imelda irene iris isaac isabel isabella isla ivan jack jackie jacob jake james jamie
        jan jane janet janice jason jasmine jean jeff jeffrey jennifer jenny jeremy jerry jesse
        jessica jill jim jimmy joan joanna joanne joe joel john johnny jon jonathan jordan joseph
        josephine josh joshua joy joyce juan judith judy julia julian julie june justin karen kate
        katherine kathleen kathryn kathy katie keith kelly ken kenneth kevin kieran kim kirsty
        kristen kyle larry laura lauren laurence lawrence leah lee leo leon leonard leslie lewis
        liam lily linda lisa liz lorraine louis louise lucas lucy luke lydia lynn madeleine maeve
        maggie mairead malcolm marcus margaret maria marian marie marion mark martha martin mary
        matt matthew maura maureen maurice max megan melanie melissa michael michelle mike molly
        monica nancy naomi natalie nathan neil niall niamh nicholas nick nicola nicole nigel noel
        noeleen noelle nora nuala oisin olive oliver olivia orla oscar padraig pam pamela pat
        patricia patrick paul paula pauline peggy penny pete peter phil philip philomena phyllis
        rachel ralph ray raymond rebecca regina rhona richard rita rob robert roberta robin roger
        roisin ron ronald ronan rory rose rosemary ross roy ruairi ruth ryan sally sam samantha
        samuel sandra sara sarah scott sean shane shannon sharon sheila shirley sian simon sinead
        siobhan sophia sophie stacy stan stella stephanie stephen steve steven stuart sue susan
        suzanne sylvia tara ted teresa terence terry thelma theresa thomas tim timothy tina tom
        tommy tony tracy trevor una ursula valerie vanessa vera veronica victor victoria vincent
        violet virginia vivian walter wayne wendy william winifred yvonne zoe achim alois andreas
        anja anke annegret anton antje astrid axel barbel bastian beate benedikt bernd bernhard
        birgit bjorn britta brigitte burkhard carsten christa christel christof christoph clemens
        cornelia dagmar daniela detlef dieter dietmar dirk edeltraud egon elfriede elisabeth elke
        emil erich ernst erwin esther ewald felix ferdinand florian franz franziska friedrich
        fritz gabi gabriele georg gerda gerhard gerlinde gertrud gisela gregor gudrun gunter
        gunther guenter hanna hannelore hans harald hartmut heidi heike heiko heiner heinrich
        heinz helga helmut henning herbert hermann hildegard holger horst hubert inge ingeborg
        ingo ingrid irmgard jens joachim jochen johann johanna johannes jorg joerg josef jurgen
        juergen juliane jutta kai karin karl karsten katharina kathrin katja katrin kerstin klaus
        konrad kurt lars lena leonie liesel lothar ludwig lukas lutz manfred manuela marc marco
        margarete margit marianne markus marlies martina mathias matthias meike michaela mirjam
        monika nadine nikolaus norbert olaf otto petra rainer ralf reiner reinhard reinhold renate
        roland rolf rosemarie rudiger rudolf sabine sebastian siegfried sigrid silke silvia simone
        sonja stefan stefanie susanne sven tanja thorsten tilman tobias torsten udo ulf ulrich
        ulrike ute uwe verena viktor volker waltraud werner wilhelm wolfgang wolfram adele agnes
        alain albane alexandre aline amandine amelie anais andre antoine arnaud aude aurelie
        aurore axelle bastien benoit bertrand blandine bruno camille cecile cedric celine chantal
        christelle christophe claude clemence clement corinne cyril damien delphine denise didier
        dominique edouard eliane elise elodie emmanuel emmanuelle estelle etienne evelyne fabien
        fabienne fabrice fanny francois francoise frederic genevieve georges gilbert gilles
        guillaume guy helene henri herve hugues ines isabelle jacqueline jacques jeanne jeannine
        jerome joelle josiane julien juliette laetitia laurent lionel luc lucie lucien ludovic
        manon marcel marguerite marine marthe mathieu mathilde maxime michel micheline mireille
        monique morgane muriel nathalie nicolas odile olivier oceane pascal pascale patrice
        philippe pierre quentin raphael regis remi rene renee romain roselyne sabrina sandrine
        sebastien serge severine solange sylvain sylvie therese thibault thierry valentin
        veronique violaine virginie xavier yann yves yvette yvon adela adriana agustin alba
        alberto alejandra alejandro alfonso alfredo alonso alvaro amparo ana andres angel angeles
        angelica antonio araceli arturo asuncion beatriz begona belen blanca borja carlos carmen
        carolina catalina cesar concepcion consuelo cristian cristina cristobal diego dolores
        domingo eduardo elvira emilia emilio encarnacion enrique ernesto esperanza esteban estela
        eugenia eugenio eusebio fatima federico felipe fernanda fernando fidel florencia francisca
        francisco gabriela gerardo gonzalo gregorio guadalupe guillermo gustavo hector hilario
        ignacio inmaculada isidro ismael jaime javier jesus joaquin jorge jose josefa juana julio
        justo leandro leticia lorena lorenzo lourdes lucia luis luisa magdalena manuel marcos
        margarita mariano maribel mario marisol marta mateo mercedes miguel milagros miriam moises
        montserrat natividad nieves nuria olga pablo paloma paz pedro pilar rafael ramon raquel
        raul remedios ricardo roberto rocio rodolfo rodrigo rosa rosario ruben salvador santiago
        saul sergio sofia soledad susana tamara tomas trinidad valentina vicente ximena yolanda
        alessandra alessandro alessia alfio angelo annalisa antonella antonietta arianna armando
        assunta benedetta bianca carlo carmela caterina cesare chiara cinzia claudio concetta
        cosimo cristiano daniele dario davide debora domenico donatella donato edoardo elio elisa
        emanuele enrico enzo erika ester fabio fabrizio federica filippo flavia flavio francesca
        francesco franco gaetano gennaro giacomo gianluca gianni gino giorgia giorgio giovanna
        giovanni giulia giuliana giuliano giulio giuseppe giuseppina graziella grazia guido ilaria
        immacolata ivana ivano leonardo letizia luca luciana luciano luigi luigia marcella
        marcello marina marisa massimo matteo mattia maurizio mauro michela michele mirella
        nicoletta nicolo ornella paola paolo pasquale patrizia pia piero pietro pino rachele
        raffaele raffaella renato renzo riccardo rocco romano rosanna rosaria salvatore samuele
        serena silvana silvano silvio simona stefania stefano tiziana tommaso umberto valentino
        valeria vincenza vincenzo vito vittoria vittorio abilio adao adelaide afonso alberta
        albertina amalia americo anabela armanda artur augusta augusto aurora bernardo branca
        bruna caetano carlota catarina celeste celia cidalia conceicao cristovao deolinda dinis
        diogo domingos duarte edite eduarda elsa fausto felicidade filipa filipe gil glaucia
        goncalo graca helder helena henrique herminia horacio ilda isaura jacinta jacinto joana
        joao joaquim joaquina josefina juliana leonor lidia liliana lurdes madalena mafalda marcia
        margarida mariana matilde natalia natercia nelson norberto nuno octavio ofelia otilia
        paulo rafaela raimundo renata ricardina rogerio rosalia rui salome sebastiao sonia tania
        telma tiago vasco vitor zelia anneke annelies anouk arie arjan bart bas bram cees coen
        cornelis corrie daan elly els femke floor frans frits gerrit gert geert greet guus hanneke
        harm hein hendrik hennie henk ilse ineke jaap janneke jasper jelle jeroen joep johan joke
        joost joris jos karel kees klaas koen lenie lieke lies liesbeth lotte maaike maarten
        machteld margriet marijke marja marjan marleen martijn mieke miranda nel niels noor pieter
        piet puck ria rik rinus roel ruud sander sanne saskia sjoerd sjaak stijn sytske teun theo
        thijs tineke tjeerd trudy truus wiebe wil willem willemijn wilma wim wouter adrianna agata
        agnieszka aleksander aleksandra alicja alina andrzej aneta antoni arkadiusz bartlomiej
        bartosz beata bogdan boguslaw boguslawa bozena cezary czeslaw damian danuta dariusz dawid
        dominik dominika dorota edyta elzbieta ewa ewelina franciszek genowefa grazyna grzegorz
        halina henryk ignacy ilona irena iwona izabela jacek jadwiga jakub janina janusz jaroslaw
        jerzy jolanta jozef julita justyna kacper kamil kamila karol karolina katarzyna kazimierz
        kinga krystian krystyna krzysztof lech leszek lucjan lucyna lukasz maciej malgorzata
        marcin marek mariola mariusz marzena mateusz michal mieczyslaw mikolaj miroslaw oliwia
        pawel patrycja piotr przemyslaw radoslaw rafal roman rozalia ryszard slawomir stanislaw
        stanislawa sylwia szymon tadeusz tomasz urszula waclaw waldemar wanda wieslaw wieslawa
        wiktor wiktoria wioletta wladyslaw wladyslawa wojciech zbigniew zdzislaw zenon zofia
        zuzanna zygmunt ahmed ali aisha amina hassan ibrahim mohamed muhammad omar yusuf chidi
        ngozi emeka adaeze kofi kwame ama priya ravi anil sunita rajesh deepa thuy linh minh hyun
        wei mei yuki hiroshi kenji svetlana tatiana natasha dmitri sergei vladimir
    """
)
_AMBIGUOUS = word_set(
    """
        kelly ross scott grant thomas martin james lee ryan jordan craig
    """
)
"""Those that are surnames as often: they decide nothing."""


def is_given_name(name: str, *, surely: bool = False) -> bool:
    """Tell whether the first word of a name is a common first name.

    :param surely: whether it must not be a common surname as well.
    """
    words = name_words(name)
    if not words or words[0] not in _NAMES:
        return False
    return not surely or words[0] not in _AMBIGUOUS
